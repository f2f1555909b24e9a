package dev.tidemark.compensator;

import java.time.Duration;
import java.util.Collection;

/// Limits polls to half of a connection's rate; the other half stays for push.
final class PollBudget {
    private static final double SHARE = 0.5;
    private static final double NANOS = 1e9;

    private PollBudget() {}

    /// Requests that one mailbox needs in every `delay`.
    record Demand(int requests, Duration delay) {
        double perSecond() {
            return requests * NANOS / Math.max(1, delay.toNanos());
        }
    }

    /// Returns the factor, at least 1, by which all delays must grow so that polls keep to their share of
    /// `requestsPerSecond`. A rate of 0 means no limit. Pure.
    static double stretch(Collection<Demand> demands, int requestsPerSecond) {
        if (requestsPerSecond == 0) {
            return 1;
        }
        var wanted = demands.stream().mapToDouble(Demand::perSecond).sum();
        return Math.max(1, wanted / (requestsPerSecond * SHARE));
    }

    static Duration stretched(Duration delay, double factor) {
        return Duration.ofNanos(Math.round(delay.toNanos() * factor));
    }
}
