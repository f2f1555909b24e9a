package dev.tidemark.daemon.admin;

/// Something the daemon needs is unreachable or taken. The message is a sentence for the operator.
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
