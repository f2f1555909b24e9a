package dev.tidemark.log;

import org.jspecify.annotations.Nullable;

/// Base of the exceptions of a log. Each message is one sentence for the operator: failure, cause, remedy.
public abstract sealed class LogException extends RuntimeException
        permits LogDamagedException, LogFailedException, LogInUseException {
    private static final long serialVersionUID = 1;

    LogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// Returns whether another process, or another log of this process, uses the directory.
    public final boolean isInUse() {
        return this instanceof LogInUseException;
    }

    /// Returns true if a file is missing or damaged.
    public final boolean isDamage() {
        return this instanceof LogDamagedException;
    }
}
