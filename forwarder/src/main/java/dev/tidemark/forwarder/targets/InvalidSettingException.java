package dev.tidemark.forwarder.targets;

/// Reports an invalid setting of a sink or of egress. The message is a sentence for the operator and never
/// contains a secret.
public final class InvalidSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidSettingException(String message) {
        super(message);
    }
}
