package dev.tidemark.subscriber;

import java.time.Duration;

/// How long to wait after failures in a row.
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration FIRST_IF_BUSY = Duration.ofSeconds(10);
    static final Duration MOST = Duration.ofMinutes(15);
    private static final double JITTER = 0.2;

    private Backoff() {}

    /// Two seconds after the first failure, doubling to fifteen minutes, spread by a fifth either way so that
    /// mailboxes that failed together do not come back together. `chance` is from 0 up to 1.
    static Duration after(int failures, double chance) {
        return doubled(FIRST, failures, chance);
    }

    /// The same for a server that is busy and does not say for how long: from ten seconds on, because asking
    /// within its pause makes it longer.
    static Duration busy(int failures, double chance) {
        return doubled(FIRST_IF_BUSY, failures, chance);
    }

    private static Duration doubled(Duration first, int failures, double chance) {
        var doublings = Math.clamp(failures - 1L, 0, 30);
        var plain = Math.min(first.toMillis() << doublings, MOST.toMillis());
        return spread(Duration.ofMillis(plain), chance);
    }

    private static Duration spread(Duration plain, double chance) {
        return Duration.ofMillis(Math.round(plain.toMillis() * (1 - JITTER + 2 * JITTER * chance)));
    }

    /// What Exchange asked for, and a little more each time: coming back early prolongs it, coming back
    /// together repeats it.
    static Duration asked(Duration backOff, double chance) {
        return backOff.plus(Duration.ofMillis(Math.round(backOff.toMillis() * JITTER * chance)));
    }
}
