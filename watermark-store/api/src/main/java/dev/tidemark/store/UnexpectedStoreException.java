package dev.tidemark.store;

/// Unexpected error while a store was opened, most likely a bug of Tidemark.
public final class UnexpectedStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message message of the unexpected error
    public UnexpectedStoreException(String message, Throwable cause) {
        super(
                "The store could not be opened because of an unexpected error: " + message
                        + " Keep its files unchanged and report this.",
                cause);
    }
}
