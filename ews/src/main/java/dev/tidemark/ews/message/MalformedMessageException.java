package dev.tidemark.ews.message;

/// Bytes that are not the message they should be: not well-formed, with a DTD, in the wrong namespaces, over
/// a limit. The message is one sentence that can be shown to the sender.
public final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }

    public MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
