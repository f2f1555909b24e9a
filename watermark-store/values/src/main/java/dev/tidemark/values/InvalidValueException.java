package dev.tidemark.values;

/// Reports a text that is not a valid value; the message names the expected form.
public final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidValueException(String message) {
        super(message);
    }
}
