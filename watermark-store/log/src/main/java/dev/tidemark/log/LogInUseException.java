package dev.tidemark.log;

/// Reports that another process, or another log of this process, holds the lock of the directory.
final class LogInUseException extends LogException {
    private static final long serialVersionUID = 1;

    LogInUseException(String message) {
        super(message, null);
    }
}
