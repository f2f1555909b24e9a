package dev.tidemark.values;

/// A text that cannot be the value it is meant to be; the message says what was expected.
public final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidValueException(String message) {
        super(message);
    }
}
