package dev.tidemark.subscriber.connection;

import java.time.Duration;

/// How long to wait after failures in a row.
public final class RetryBackoff {
    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration FIRST_IF_BUSY = Duration.ofSeconds(10);
    private static final Duration FIRST_PROBE = Duration.ofSeconds(30);
    static final Duration MAX_DELAY = Duration.ofMinutes(15);
    private static final double JITTER = 0.2;

    private RetryBackoff() {}

    /// Two seconds after the first failure, doubling to fifteen minutes, spread by a fifth either way so that
    /// mailboxes that failed together do not come back together. `chance` is from 0 up to 1.
    public static Duration delayAfter(int failures, double chance) {
        return doubled(FIRST, failures, chance);
    }

    /// The same for a server that is busy and does not say for how long: from ten seconds on, because asking
    /// within its pause makes it longer.
    public static Duration delayWhenBusy(int failures, double chance) {
        return doubled(FIRST_IF_BUSY, failures, chance);
    }

    /// Returns whether a wait that Exchange asks for is believed. A wait beyond the operator's limit is probably
    /// an error, and would take the connection out of service.
    static boolean isCredible(Duration asked, Duration maxBackoff) {
        return asked.compareTo(maxBackoff) <= 0;
    }

    /// Returns the interval before the next probe while waits are not believed: 30 seconds, doubling to fifteen
    /// minutes.
    static Duration probeInterval(int inARow) {
        return doubled(FIRST_PROBE, inARow);
    }

    private static Duration doubled(Duration first, int failures, double chance) {
        return spread(doubled(first, failures), chance);
    }

    private static Duration doubled(Duration first, int failures) {
        var doublings = Math.clamp(failures - 1L, 0, 30);
        return Duration.ofMillis(Math.min(first.toMillis() << doublings, MAX_DELAY.toMillis()));
    }

    private static Duration spread(Duration plain, double chance) {
        return Duration.ofMillis(Math.round(plain.toMillis() * (1 - JITTER + 2 * JITTER * chance)));
    }

    /// What Exchange asked for, and a little more each time: coming back early prolongs it, coming back
    /// together repeats it.
    public static Duration requestedDelay(Duration backOff, double chance) {
        return backOff.plus(Duration.ofMillis(Math.round(backOff.toMillis() * JITTER * chance)));
    }
}
