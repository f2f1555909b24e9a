package dev.tidemark.compensator;

import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Which connections may be used. One that was held back is tried with one mailbox first: were it still out
/// of reach, all the others would fail as well, and each would have to wait for longer. Used by one thread.
final class ConnectionCircuitBreaker {
    /// A remedy may take long; then the next one is not kept waiting for its end.
    private static final Duration MAX_PROBE_WAIT = Duration.ofSeconds(5);

    private final Function<String, Optional<Instant>> backoffs;
    private final Map<String, Integer> inFlight = new HashMap<>();
    private final Map<String, Instant> startedAt = new HashMap<>();
    /// held back since it was last known to be good
    private final Set<String> halfOpen = new HashSet<>();

    ConnectionCircuitBreaker(Function<String, Optional<Instant>> heldBackUntil) {
        this.backoffs = heldBackUntil;
    }

    /// When the connection may be used again, if it is held back now.
    Optional<Instant> blockedUntil(String connection, Instant now) {
        var until = backoffs.apply(connection).filter(now::isBefore);
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
