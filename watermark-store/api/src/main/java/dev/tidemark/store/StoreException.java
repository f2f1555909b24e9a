package dev.tidemark.store;

/// Failure of the store: it is locked, full, unreachable or damaged. The message is a sentence for the operator;
/// the cause is for the log.
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
