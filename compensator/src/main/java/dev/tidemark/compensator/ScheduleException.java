package dev.tidemark.compensator;

/// The schedule cannot start. The message is a sentence for the operator.
public final class ScheduleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ScheduleException(String message, Throwable cause) {
        super(message, cause);
    }
}
