package dev.tidemark.listener;

/// The listener cannot be opened as configured. The message is a sentence for the operator that names the
/// remedy.
public final class ListenerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ListenerException(String message) {
        super(message);
    }

    public ListenerException(String message, Throwable cause) {
        super(message, cause);
    }
}
