package dev.tidemark.compensator;

import java.time.Duration;
import java.util.Collection;

/// How much of a connection polls may take: half of its rate, so that the other half is left for what push
/// needs.
final class PollBudget {
    private static final double SHARE = 0.5;
    private static final double NANOS = 1e9;

    private PollBudget() {}

    /// What one mailbox asks for: so many requests every `delay`.
    record Demand(int requests, Duration delay) {
        double perSecond() {
            return requests * NANOS / Math.max(1, delay.toNanos());
        }
    }

    /// The factor, 1 or more, by which all delays have to grow for the polls to keep to their share of
    /// `requestsPerSecond`; 0 of these means no limit. Pure.
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
