package dev.tidemark.opentelemetry;

import java.time.Clock;
import java.util.concurrent.TimeUnit;

/// Converts readings of [System#nanoTime] to nanoseconds since 1970. Thread-safe.
///
/// @param epochNanos nanoseconds since 1970
/// @param nanos reading of [System#nanoTime] at the same time
record EpochClock(long epochNanos, long nanos) {
    static EpochClock read(Clock clock) {
        var now = clock.instant();
        return new EpochClock(TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano(), System.nanoTime());
    }

    long at(long otherNanos) {
        return epochNanos + (otherNanos - nanos);
    }
}
