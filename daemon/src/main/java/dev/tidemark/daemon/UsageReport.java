package dev.tidemark.daemon;

import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says in a sentence what was typed wrongly, and where help is.
final class UsageReport implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        var command = wrong.getCommandLine();
        var out = command.getErr();
        out.println("tidemark: " + wrong.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(wrong, out)) {
            out.println("'" + command.getCommandSpec().qualifiedName() + " --help' says what it takes.");
        }
        out.flush();
        return ExitCodes.USAGE;
    }
}
