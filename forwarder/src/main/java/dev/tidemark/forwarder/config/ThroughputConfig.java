package dev.tidemark.forwarder.config;

import dev.tidemark.forwarder.target.InvalidSettingException;
import java.time.Duration;

/// How much goes to a sink at once, and how fast.
///
/// @param concurrency requests at a time
/// @param batch events in one request at most; above 1 every request holds a list, if only of one
/// @param linger how long a request that is not full waits for more events
/// @param rateLimit events a second; 0: no limit
public record ThroughputConfig(int concurrency, int batch, Duration linger, int rateLimit) {
    public static final ThroughputConfig DEFAULT = new ThroughputConfig(4, 1, Duration.ZERO, 0);

    /// @throws InvalidSettingException if nothing could go that way
    public ThroughputConfig {
        require("concurrency", concurrency, 1);
        require("batch.max", batch, 1);
        require("rate-limit", rateLimit, 0);
        if (linger.isNegative()) {
            throw new InvalidSettingException("A batch.linger of " + linger + " is negative; use 0ms or more.");
        }
    }

    private static void require(String setting, int value, int least) {
        if (value < least) {
            throw new InvalidSettingException(
                    "A sink's " + setting + " of " + value + " is too small; use " + least + " or more.");
        }
    }

    public static ThroughputConfig concurrency(int requests) {
        return new ThroughputConfig(requests, 1, Duration.ZERO, 0);
    }

    public boolean batched() {
        return batch > 1;
    }
}
