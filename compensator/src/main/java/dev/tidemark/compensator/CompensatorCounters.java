package dev.tidemark.compensator;

import dev.tidemark.store.model.SubscribeReason;
import java.util.Map;

/// Snapshot of the compensator's counters since its start. First subscriptions count as `INITIAL`.
///
/// @param started repairs started
/// @param succeeded repairs after which the mailbox is subscribed and nothing is pending
/// @param failed repairs that must be tried again or failed permanently, by their reason
/// @param resyncs completed resyncs
/// @param due mailboxes that need a repair now and wait for their turn
/// @param inFlight repairs that run now
public record CompensatorCounters(
        long started, long succeeded, Map<SubscribeReason, Long> failed, long resyncs, int due, int inFlight) {
    public CompensatorCounters {
        failed = Map.copyOf(failed);
    }
}
