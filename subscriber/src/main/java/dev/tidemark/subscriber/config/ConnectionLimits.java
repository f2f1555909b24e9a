package dev.tidemark.subscriber.config;

import java.time.Duration;

/// Limits on the use of one Exchange organization: requests in flight, and requests started per second (0: no
/// limit). With `impersonation`, requests are charged to their mailboxes, otherwise all to one account.
/// `maxBackoff` is the longest requested wait that is obeyed.
public record ConnectionLimits(int concurrency, int requestsPerSecond, boolean impersonation, Duration maxBackoff) {
    public static final Duration DEFAULT_MAX_BACKOFF = Duration.ofHours(1);
    public static final ConnectionLimits DEFAULT = new ConnectionLimits(8, 20);

    /// Creates limits with impersonation.
    public ConnectionLimits(int concurrency, int requestsPerSecond) {
        this(concurrency, requestsPerSecond, true);
    }

    /// Creates limits with the default for `maxBackoff`.
    public ConnectionLimits(int concurrency, int requestsPerSecond, boolean impersonation) {
        this(concurrency, requestsPerSecond, impersonation, DEFAULT_MAX_BACKOFF);
    }

    public ConnectionLimits {
        if (concurrency < 1 || requestsPerSecond < 0) {
            throw new IllegalArgumentException("Limits of " + concurrency + " concurrent requests and "
                    + requestsPerSecond + " per second are invalid; set at least 1 and 0.");
        }
    }
}
