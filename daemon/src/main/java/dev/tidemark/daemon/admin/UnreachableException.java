package dev.tidemark.daemon.admin;

/// Thrown if a required address is unreachable or in use. The message is a sentence for the operator.
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreachableException(String message) {
        super(message);
    }

    public UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
