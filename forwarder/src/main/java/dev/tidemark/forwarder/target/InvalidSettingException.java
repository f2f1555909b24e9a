package dev.tidemark.forwarder.target;

/// A setting of a sink or of egress cannot be used. The message is a sentence for the operator and never
/// holds a secret.
public final class InvalidSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidSettingException(String message) {
        super(message);
    }
}
