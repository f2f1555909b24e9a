package dev.tidemark.compensator;

import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Circuit breaker per connection. After a back-off, one mailbox probes the connection before the others
/// follow. If the connection is still unreachable, the others would fail as well, each with a longer back-off.
/// Not thread-safe; used by the sweep thread.
final class ConnectionCircuitBreaker {
    /// Reports the end of a connection's back-off; empty if it does not back off. Thread-safe.
    @FunctionalInterface
    interface Backoffs {
        Optional<Instant> backoffUntil(String connection);
    }

    /// Longest wait for a probe. A repair may take long; then the next one does not wait for its end.
    private static final Duration MAX_PROBE_WAIT = Duration.ofSeconds(5);

    private final Backoffs backoffs;
    private final Map<String, Integer> inFlight = new HashMap<>();
    private final Map<String, Instant> startedAt = new HashMap<>();
    /// backed off since the last success
    private final Set<String> halfOpen = new HashSet<>();

    ConnectionCircuitBreaker(Backoffs backoffs) {
        this.backoffs = backoffs;
    }

    /// Returns the end of the connection's back-off, if it backs off now.
    Optional<Instant> blockedUntil(String connection, Instant now) {
        var until = backoffs.backoffUntil(connection).filter(now::isBefore);
        if (until.isPresent()) {
            halfOpen.add(connection);
        }
        return until;
    }

    boolean allows(String connection, Instant now) {
        return blockedUntil(connection, now).isEmpty()
                && (!halfOpen.contains(connection)
                        || inFlight.getOrDefault(connection, 0) == 0
                        || startedAt
                                .getOrDefault(connection, now)
                                .plus(MAX_PROBE_WAIT)
                                .isBefore(now));
    }

    /// Returns whether an operator's request may use the connection. During a back-off, only one at a time may.
    boolean allowsOperatorRequest(String connection, Instant now) {
        return inFlight.getOrDefault(connection, 0) == 0 || allows(connection, now);
    }

    void onStarted(String connection, Instant now) {
        startedAt.put(connection, now);
        inFlight.merge(connection, 1, Integer::sum);
    }

    void onEnded(String connection, Optional<SubscriptionOutcome> outcome) {
        inFlight.merge(connection, -1, Integer::sum);
        if (outcome.filter(ConnectionCircuitBreaker::isResponse).isPresent()) {
            halfOpen.remove(connection);
        }
    }

    private static boolean isResponse(SubscriptionOutcome outcome) {
        return switch (outcome) {
            case SubscriptionOutcome.Subscribed ignored -> true;
            case SubscriptionOutcome.Resynced ignored -> true;
            case SubscriptionOutcome.Failed ignored -> true;
            case SubscriptionOutcome.RetryAt ignored -> false;
            case SubscriptionOutcome.Skipped ignored -> false;
        };
    }
}
