package dev.tidemark.daemon.command;

import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Prints the usage error in one sentence and names the help option.
final class UsageErrorHandler implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        var command = wrong.getCommandLine();
        var out = command.getErr();
        out.println("tidemark: " + sentence(wrong));
        if (!UnmatchedArgumentException.printSuggestions(wrong, out)) {
            out.println("'" + command.getCommandSpec().qualifiedName() + " --help' shows the usage.");
        }
        out.flush();
        return ExitCodes.USAGE;
    }

    /// Returns the parser's message, except for an unknown argument, where that message counts indexes.
    private static String sentence(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException stray && !stray.isUnknownOption()) {
            var path = wrong.getCommandLine().getCommandSpec().qualifiedName();
            return "'" + path + "' has no argument '" + String.join(" ", stray.getUnmatched()) + "'.";
        }
        return String.valueOf(wrong.getMessage());
    }
}
