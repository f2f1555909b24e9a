package dev.tidemark.compensator;

import dev.tidemark.store.model.SubscribeReason;
import java.util.Map;

/// What the compensator has done since it started. First subscriptions count too, as `INITIAL`.
///
/// @param started remedies begun
/// @param succeeded of them, those that left the mailbox subscribed and nothing owed
/// @param failed of them, those that have to be tried again or were given up, by why they were begun
/// @param resyncs resyncs that were completed
/// @param due mailboxes that need something now and wait for their turn
/// @param inFlight remedies under way now
public record CompensatorCounters(
        long started, long succeeded, Map<SubscribeReason, Long> failed, long resyncs, int due, int inFlight) {
    public CompensatorCounters {
        failed = Map.copyOf(failed);
    }
}
