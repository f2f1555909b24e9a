package dev.tidemark.subscriber.connection;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Back-off of a mailbox or a connection, with the number of pauses since the last success.
///
/// @param from start of the pause; a clock set back before it ends the pause
/// @param consecutiveFailures failures that led to it, one for each pause
/// @param probes pauses among them whose requested length was implausible
/// @param isBelieved false if the pause is the interval between two probes
record BackoffPause(Instant from, Instant until, int consecutiveFailures, int probes, boolean isBelieved) {
    static final BackoffPause NONE = new BackoffPause(Instant.MIN, Instant.MIN, 0, 0, true);

    /// Length of a pause.
    ///
    /// @param requested wait until the next try of the mailbox that failed; empty if Exchange requested none
    /// @param isBelieved false for the interval between two probes
    record Length(Duration time, Optional<Duration> requested, boolean isBelieved) {
        static Length ofProbe(Duration interval) {
            return new Length(interval, Optional.of(interval), false);
        }

        Length limitedTo(Duration limit) {
            return time.compareTo(limit) > 0 ? new Length(limit, requested, isBelieved) : this;
        }
    }

    boolean isActive(Instant now) {
        return now.isBefore(until) && !now.isBefore(from);
    }

    /// Returns the number of consecutive failures including one at `now`. Failures within a pause belong to it:
    /// their requests were in flight before it.
    int nextFailureCount(Instant now) {
        return isActive(now) ? consecutiveFailures : consecutiveFailures + 1;
    }

    /// Returns the number of consecutive probe intervals including one that starts at `now`.
    int nextProbeCount(Instant now) {
        return isActive(now) && !isBelieved ? probes : probes + 1;
    }

    /// Returns the pause after another failure. A failure within a pause can only extend it.
    BackoffPause afterFailure(Instant now, Length wait) {
        var end = now.plus(wait.time());
        var failures = nextFailureCount(now);
        var nextProbes = wait.isBelieved() ? probes : nextProbeCount(now);
        if (!isActive(now)) {
            return new BackoffPause(now, end, failures, nextProbes, wait.isBelieved());
        }
        return end.isAfter(until) ? new BackoffPause(from, end, failures, nextProbes, wait.isBelieved()) : this;
    }
}
