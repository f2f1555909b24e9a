package dev.tidemark.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The disk refused a request, or refused an earlier append and is not repaired yet. Nothing acknowledged is lost.
public final class LogFailedException extends LogException {
    private static final long serialVersionUID = 1;

    LogFailedException(String message, @Nullable IOException cause) {
        super(message, cause);
    }

    static LogFailedException reading(IOException cause) {
        return new LogFailedException("Failed to read the log: " + cause + "; check the disk.", cause);
    }
}
