package dev.tidemark.ews.message;

/// Reports bytes that are not the expected message: malformed, with a DTD, in the wrong namespaces, over a
/// limit. The message is one sentence that may be shown to the sender.
public final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }

    public MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
