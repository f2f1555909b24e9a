package dev.tidemark.ews.config;

/// Reports an unusable store of certificates or keys. The message is one sentence that names the file, the
/// cause and the remedy.
public final class UnreadableStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableStoreException(String message, Throwable cause) {
        super(message, cause);
    }

    UnreadableStoreException(String message) {
        super(message);
    }
}
