package dev.tidemark.compensator;

import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.StreamCounters;
import java.util.Map;
import java.util.Optional;

/// Snapshot of the compensator's counters since its start. First subscriptions count as `INITIAL`.
///
/// @param started repairs started
/// @param succeeded repairs after which the mailbox is subscribed and nothing is pending
/// @param failed repairs that must be tried again or failed permanently, by their reason
/// @param outcomes every combination of action and outcome with its number of repairs
/// @param resyncs completed resyncs
/// @param due mailboxes that need a repair now and wait for their turn
/// @param inFlight repairs that run now
public record CompensatorCounters(
        long started,
        long succeeded,
        Map<SubscribeReason, Long> failed,
        Map<RepairOutcome, Long> outcomes,
        long resyncs,
        int due,
        int inFlight) {
    public CompensatorCounters {
        failed = Map.copyOf(failed);
        outcomes = Map.copyOf(outcomes);
    }

    /// Kind of a completed repair.
    ///
    /// @param action `resubscribe`, `resync` or `resume-resync`
    /// @param outcome `succeeded`, `retry`, `failed` or `skipped`
    public record RepairOutcome(String action, String outcome) {}

    /// Snapshot of the work for mailboxes that Exchange cannot call back for.
    ///
    /// @param degraded mailboxes whose push is suspended now
    /// @param polls polls started
    /// @param found events that polls found
    /// @param stretch factor by connection by which the delay between polls exceeds the configured one; polls may
    ///     use half of the connection's rate
    /// @param streams counters of the streams, if streams serve these mailboxes
    public record FallbackCounters(
            int degraded, long polls, long found, Map<String, Double> stretch, Optional<StreamCounters> streams) {
        public FallbackCounters {
            stretch = Map.copyOf(stretch);
        }
    }

    /// Snapshot of the low-priority work.
    ///
    /// @param snapshots pending snapshots of new mailboxes
    /// @param aging mailboxes whose sync states must be refreshed
    /// @param inFlight mailboxes whose refresh is running
    /// @param done mailboxes that were refreshed completely since the start
    public record UpkeepCounters(int snapshots, int aging, int inFlight, long done) {}
}
