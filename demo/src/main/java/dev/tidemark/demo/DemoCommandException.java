package dev.tidemark.demo;

/// Failure of a command. The message is one sentence for the operator; the code is the exit code.
final class DemoCommandException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    DemoCommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    DemoCommandException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
