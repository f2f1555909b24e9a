package dev.tidemark.subscriber.connection;

import dev.tidemark.subscriber.config.ConnectionLimits;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Use of a connection now, and counters of its requests since the start.
///
/// @param inFlight requests in flight now
/// @param allowed current concurrency limit, at most the one of `limits`
/// @param waiting requests that wait for a turn, by priority
/// @param backoffLeft remaining time of the back-off of the whole connection
/// @param mailboxesInBackoff mailboxes with a separate back-off
/// @param sent requests by priority
/// @param refused requests with an error or no response
/// @param pauses back-offs of the whole connection
/// @param limitReductions reductions of the concurrency limit
public record ConnectionBudget(
        ConnectionLimits limits,
        int inFlight,
        int allowed,
        Map<RequestPriority, Long> waiting,
        Optional<Duration> backoffLeft,
        long mailboxesInBackoff,
        Map<RequestPriority, Long> sent,
        long refused,
        long pauses,
        long limitReductions) {
    public ConnectionBudget {
        waiting = Map.copyOf(waiting);
        sent = Map.copyOf(sent);
    }
}
