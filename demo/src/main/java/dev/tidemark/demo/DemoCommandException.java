package dev.tidemark.demo;

/// A command cannot go on. The message is one sentence for the user, the code is what the process exits with.
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
