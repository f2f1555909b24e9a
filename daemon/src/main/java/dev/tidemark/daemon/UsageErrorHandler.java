package dev.tidemark.daemon;

import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says in a sentence what was typed wrongly, and where help is.
final class UsageErrorHandler implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        var command = wrong.getCommandLine();
        var out = command.getErr();
        out.println("tidemark: " + sentence(wrong));
        if (!UnmatchedArgumentException.printSuggestions(wrong, out)) {
            out.println("'" + command.getCommandSpec().qualifiedName() + " --help' says what it takes.");
        }
        out.flush();
        return ExitCodes.USAGE;
    }

    /// The parser's words, but for a stray word: those speak of indexes.
    private static String sentence(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException stray && !stray.isUnknownOption()) {
            var path = wrong.getCommandLine().getCommandSpec().qualifiedName();
            return "'" + path + "' does not know '" + String.join(" ", stray.getUnmatched()) + "'.";
        }
        return String.valueOf(wrong.getMessage());
    }
}
