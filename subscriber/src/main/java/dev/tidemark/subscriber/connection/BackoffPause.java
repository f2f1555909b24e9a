package dev.tidemark.subscriber.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Back-off of a mailbox or a connection, with the number of pauses before it without a success in between.
///
/// @param from start of the pause; a clock that is set back before it ends it
/// @param inARow failures that led to it, one for each pause
/// @param probes pauses among them whose length was not believed
record BackoffPause(Instant from, Instant until, int inARow, int probes, boolean isBelieved) {
    static final BackoffPause NONE = new BackoffPause(Instant.MIN, Instant.MIN, 0, 0, true);

    /// Length of a pause.
    ///
    /// @param asked wait until the next try of the mailbox that failed; empty if Exchange named none
    /// @param isBelieved false for the interval between two probes
    record Length(Duration time, Optional<Duration> asked, boolean isBelieved) {
        static Length ofProbe(Duration interval) {
            return new Length(interval, Optional.of(interval), false);
        }

        Length limitedTo(Duration most) {
            return time.compareTo(most) > 0 ? new Length(most, asked, isBelieved) : this;
        }
    }

    boolean isActive(Instant now) {
        return now.isBefore(until) && !now.isBefore(from);
    }

    /// Returns how many pauses in a row there are with one that begins now. Failures within a pause belong to it:
    /// their requests were in flight before it.
    int nextFailureCount(Instant now) {
        return isActive(now) ? inARow : inARow + 1;
    }

    /// Returns how many unbelieved pauses in a row there are with one that begins now.
    int nextProbeCount(Instant now) {
        return isActive(now) && !isBelieved ? probes : probes + 1;
    }

    /// Returns the pause after one more failure. Within a pause it can only end later.
    BackoffPause afterFailure(Instant now, Length wait) {
        var end = now.plus(wait.time());
        var row = nextFailureCount(now);
        var tries = wait.isBelieved() ? probes : nextProbeCount(now);
        if (!isActive(now)) {
            return new BackoffPause(now, end, row, tries, wait.isBelieved());
        }
        return end.isAfter(until) ? new BackoffPause(from, end, row, tries, wait.isBelieved()) : this;
    }
}
