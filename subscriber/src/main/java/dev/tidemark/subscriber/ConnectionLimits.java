package dev.tidemark.subscriber;

import java.time.Duration;

/// How much of one Exchange organisation's capacity to take: requests under way at once, and requests
/// started a second (0: as many as it takes). `impersonation` says whether they are charged to the mailboxes
/// that they are for, or all to one account. `maxBackoff` is the longest wait that is obeyed when Exchange asks
/// for one.
public record ConnectionLimits(int concurrency, int requestsPerSecond, boolean impersonation, Duration maxBackoff) {
    public static final Duration DEFAULT_MAX_BACKOFF = Duration.ofHours(1);
    public static final ConnectionLimits DEFAULT = new ConnectionLimits(8, 20);

    /// With impersonation.
    public ConnectionLimits(int concurrency, int requestsPerSecond) {
        this(concurrency, requestsPerSecond, true);
    }

    /// With the default for `maxBackoff`.
    public ConnectionLimits(int concurrency, int requestsPerSecond, boolean impersonation) {
        this(concurrency, requestsPerSecond, impersonation, DEFAULT_MAX_BACKOFF);
    }

    public ConnectionLimits {
        if (concurrency < 1 || requestsPerSecond < 0) {
            throw new IllegalArgumentException("Limits of " + concurrency + " requests at once and " + requestsPerSecond
                    + " a second cannot work; expected at least 1 and 0.");
        }
    }
}
