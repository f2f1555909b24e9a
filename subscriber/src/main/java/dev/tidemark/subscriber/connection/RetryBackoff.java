package dev.tidemark.subscriber.connection;

import java.time.Duration;

/// Computes the delays after consecutive failures. Stateless. `random` is from 0 up to 1.
public final class RetryBackoff {
    private static final Duration FIRST_DELAY = Duration.ofSeconds(2);
    private static final Duration FIRST_DELAY_IF_BUSY = Duration.ofSeconds(10);
    private static final Duration FIRST_PROBE_INTERVAL = Duration.ofSeconds(30);
    static final Duration MAX_DELAY = Duration.ofMinutes(15);
    private static final double JITTER = 0.2;

    private RetryBackoff() {}

    /// Returns two seconds after the first failure, doubling up to fifteen minutes. Spreads delays by a fifth
    /// either way, so that mailboxes that failed together do not retry together.
    public static Duration delayAfter(int failures, double random) {
        return doubled(FIRST_DELAY, failures, random);
    }

    /// Returns the delay for a server that is busy and requests no wait. Starts at ten seconds, because requests
    /// within its pause extend the pause.
    public static Duration delayWhenBusy(int failures, double random) {
        return doubled(FIRST_DELAY_IF_BUSY, failures, random);
    }

    /// Returns whether a requested wait is plausible. A wait beyond the limit of the operator is probably an
    /// error, and would take the connection out of service.
    static boolean isCredible(Duration requested, Duration maxBackoff) {
        return requested.compareTo(maxBackoff) <= 0;
    }

    /// Returns the interval before the next probe while requested waits are implausible: 30 seconds, doubling up
    /// to fifteen minutes.
    static Duration probeInterval(int probes) {
        return doubled(FIRST_PROBE_INTERVAL, probes);
    }

    private static Duration doubled(Duration first, int failures, double random) {
        return spread(doubled(first, failures), random);
    }

    private static Duration doubled(Duration first, int failures) {
        var doublings = Math.clamp(failures - 1L, 0, 30);
        return Duration.ofMillis(Math.min(first.toMillis() << doublings, MAX_DELAY.toMillis()));
    }

    private static Duration spread(Duration plain, double random) {
        return Duration.ofMillis(Math.round(plain.toMillis() * (1 - JITTER + 2 * JITTER * random)));
    }

    /// Returns the requested wait plus up to a fifth. An early retry extends the pause of Exchange; simultaneous
    /// retries repeat it.
    public static Duration requestedDelay(Duration requested, double random) {
        return requested.plus(Duration.ofMillis(Math.round(requested.toMillis() * JITTER * random)));
    }
}
