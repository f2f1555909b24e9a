package dev.tidemark.forwarder.config;

import dev.tidemark.forwarder.targets.InvalidSettingException;
import dev.tidemark.store.model.SinkPartition;
import java.time.Duration;

/// Limits of the requests to a sink.
///
/// @param concurrency concurrent requests
/// @param batch limit of events per request; above 1 every request holds a list, even of one event
/// @param linger wait of a partial request for more events
/// @param rateLimit events per second; 0 means no limit
public record ThroughputConfig(int concurrency, int batch, Duration linger, int rateLimit) {
    public static final ThroughputConfig DEFAULT = new ThroughputConfig(4, 1, Duration.ZERO, 0);

    /// @throws InvalidSettingException if a limit is out of range
    public ThroughputConfig {
        require("concurrency", concurrency, 1);
        require("batch.max", batch, 1);
        require("rate-limit", rateLimit, 0);
        if (linger.isNegative()) {
            throw new InvalidSettingException("A batch.linger of " + linger + " is negative; use 0ms or more.");
        }
    }

    private static void require(String setting, int value, int min) {
        if (value < min) {
            throw new InvalidSettingException(
                    "A sink's " + setting + " of " + value + " is too small; use " + min + " or more.");
        }
    }

    /// Returns an even share of the limits, of at least one request and one event per second.
    ThroughputConfig share(SinkPartition partition) {
        return new ThroughputConfig(
                shareOf(concurrency, partition), batch, linger, rateLimit == 0 ? 0 : shareOf(rateLimit, partition));
    }

    private static int shareOf(int limit, SinkPartition partition) {
        var rest = partition.index() < limit % partition.count() ? 1 : 0;
        return Math.max(1, limit / partition.count() + rest);
    }

    public static ThroughputConfig concurrency(int requests) {
        return new ThroughputConfig(requests, 1, Duration.ZERO, 0);
    }

    public boolean batched() {
        return batch > 1;
    }
}
