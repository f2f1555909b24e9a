package dev.tidemark.compensator.schedule;

/// The scheduler cannot start. The message is a sentence for the operator.
public final class TaskSchedulerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TaskSchedulerException(String message, Throwable cause) {
        super(message, cause);
    }
}
