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
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Function<String, Optional<Instant>> heldBackUntil;
    private final Map<String, Integer> underWay = new HashMap<>();
    private final Map<String, Instant> startedAt = new HashMap<>();
    /// held back since it was last known to be good
    private final Set<String> doubtful = new HashSet<>();

    ConnectionCircuitBreaker(Function<String, Optional<Instant>> heldBackUntil) {
        this.heldBackUntil = heldBackUntil;
    }

    /// When the connection may be used again, if it is held back now.
    Optional<Instant> closedUntil(String connection, Instant now) {
        var until = heldBackUntil.apply(connection).filter(now::isBefore);
        if (until.isPresent()) {
            doubtful.add(connection);
        }
        return until;
    }

    boolean isOpen(String connection, Instant now) {
        return closedUntil(connection, now).isEmpty()
                && (!doubtful.contains(connection)
                        || underWay.getOrDefault(connection, 0) == 0
                        || startedAt
                                .getOrDefault(connection, now)
                                .plus(PATIENCE)
                                .isBefore(now));
    }

    /// Returns whether an operator's request may use the connection. During a back-off, only one at a time may.
    boolean isIdleOrOpen(String connection, Instant now) {
        return underWay.getOrDefault(connection, 0) == 0 || isOpen(connection, now);
    }

    void started(String connection, Instant now) {
        startedAt.put(connection, now);
        underWay.merge(connection, 1, Integer::sum);
    }

    void ended(String connection, Optional<SubscriptionOutcome> outcome) {
        underWay.merge(connection, -1, Integer::sum);
        if (outcome.filter(ConnectionCircuitBreaker::isAnswer).isPresent()) {
            doubtful.remove(connection);
        }
    }

    private static boolean isAnswer(SubscriptionOutcome outcome) {
        return switch (outcome) {
            case SubscriptionOutcome.Subscribed ignored -> true;
            case SubscriptionOutcome.Resynced ignored -> true;
            case SubscriptionOutcome.Failed ignored -> true;
            case SubscriptionOutcome.RetryAt ignored -> false;
            case SubscriptionOutcome.Skipped ignored -> false;
        };
    }
}
