package dev.tidemark.subscriber;

/// How much of one Exchange organisation's capacity to take: requests under way at once, and requests
/// started a second (0: as many as it takes).
public record ConnectionLimits(int concurrency, int requestsPerSecond) {
    public static final ConnectionLimits DEFAULT = new ConnectionLimits(8, 20);

    public ConnectionLimits {
        if (concurrency < 1 || requestsPerSecond < 0) {
            throw new IllegalArgumentException("Limits of " + concurrency + " requests at once and " + requestsPerSecond
                    + " a second cannot work; expected at least 1 and 0.");
        }
    }
}
