package dev.tidemark.store;

/// Failure of the store: it is locked, full, unreachable or damaged. The message is a sentence for the operator;
/// the cause is for the log.
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Obstacle obstacle;

    /// Reasons that callers distinguish.
    private enum Obstacle {
        IN_USE,
        ABSENT,
        LATER_VERSION,
        PERMANENT,
        OTHER
    }

    public StoreException(String message) {
        super(message);
        obstacle = Obstacle.OTHER;
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
        obstacle = Obstacle.OTHER;
    }

    private StoreException(String message, Obstacle obstacle) {
        super(message);
        this.obstacle = obstacle;
    }

    /// Returns the failure to open a store that another process uses.
    public static StoreException ofUse(String message, Throwable cause) {
        var failure = new StoreException(message, Obstacle.IN_USE);
        failure.initCause(cause);
        return failure;
    }

    /// Returns the failure to open a store that does not exist yet.
    public static StoreException ofAbsence(String message) {
        return new StoreException(message, Obstacle.ABSENT);
    }

    /// Returns the failure to read what a later version of Tidemark wrote.
    public static StoreException ofLaterVersion(String message) {
        return new StoreException(message, Obstacle.LATER_VERSION);
    }

    /// Returns a failure that a retry cannot end, because the store is damaged or this process must restart.
    public static StoreException permanent(String message) {
        return new StoreException(message, Obstacle.PERMANENT);
    }

    /// Returns a failure as [#permanent(String)] does, with its cause.
    public static StoreException permanent(String message, Throwable cause) {
        var failure = permanent(message);
        failure.initCause(cause);
        return failure;
    }

    /// Returns true if only an operator can end this failure.
    public boolean isPermanent() {
        return obstacle == Obstacle.PERMANENT || obstacle == Obstacle.LATER_VERSION;
    }

    /// Returns true if a later version of Tidemark wrote what could not be read.
    public boolean isOfLaterVersion() {
        return obstacle == Obstacle.LATER_VERSION;
    }

    /// Returns true if another process uses the store.
    public boolean isInUse() {
        return obstacle == Obstacle.IN_USE;
    }

    /// Returns true if there is no store yet.
    public boolean isAbsent() {
        return obstacle == Obstacle.ABSENT;
    }
}
