package dev.tidemark.ews.login;

/// A store of certificates or keys that cannot be used; the message is one sentence that names the file, the
/// cause and the mend.
public final class UnreadableStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableStoreException(String message, Throwable cause) {
        super(message, cause);
    }

    UnreadableStoreException(String message) {
        super(message);
    }
}
