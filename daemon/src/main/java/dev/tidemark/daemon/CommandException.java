package dev.tidemark.daemon;

/// A command cannot do what was asked; the message is one sentence for whoever typed it.
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    static CommandException notAvailable(String what) {
        return new CommandException(ExitCodes.USAGE, what + " is not available in this version.");
    }

    int exitCode() {
        return exitCode;
    }
}
