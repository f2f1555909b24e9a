package dev.tidemark.subscriber.connection;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// How much of a connection is in use, and what has become of its requests since it was made.
///
/// @param underWay requests under way now
/// @param allowed how many may be at once now, at most what `limits` say
/// @param waiting requests that wait for their turn, by priority
/// @param heldBackFor how long the whole connection is held back still
/// @param mailboxesHeldBack mailboxes that are held back, each by itself
/// @param sent requests by priority
/// @param refused requests that were answered by an error, or not at all
/// @param pauses times the whole connection was held back
/// @param narrowings times fewer requests at once were allowed
public record ConnectionBudget(
        ConnectionLimits limits,
        int underWay,
        int allowed,
        Map<RequestPriority, Long> waiting,
        Optional<Duration> heldBackFor,
        long mailboxesHeldBack,
        Map<RequestPriority, Long> sent,
        long refused,
        long pauses,
        long narrowings) {
    public ConnectionBudget {
        waiting = Map.copyOf(waiting);
        sent = Map.copyOf(sent);
    }
}
