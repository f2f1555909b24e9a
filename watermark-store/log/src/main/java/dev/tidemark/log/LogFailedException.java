package dev.tidemark.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reports that the disk failed, that an earlier append failed and is not repaired yet, or that the log is closed.
/// Acknowledged records are not lost.
public final class LogFailedException extends LogException {
    private static final long serialVersionUID = 1;

    LogFailedException(String message, @Nullable IOException cause) {
        super(message, cause);
    }

    static LogFailedException reading(IOException cause) {
        return new LogFailedException("Failed to read the log: " + cause + "; check the disk.", cause);
    }
}
