package dev.tidemark.forwarder;

import dev.tidemark.store.model.DeferredDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Next step for the deferred events of a lane.
sealed interface LaneStep {
    /// Sends this event now.
    ///
    /// @param overtakes earlier events that this one overtakes and that must be marked late
    record Send(DeferredDelivery row, List<DeferredDelivery> overtakes) implements LaneStep {}

    /// Waits; no event may be sent yet.
    ///
    /// @param open true if a new event behind these could be sent at once
    record Wait(Instant until, boolean open) implements LaneStep {}

    record Empty() implements LaneStep {}

    /// Chooses the first event that is due, unless an earlier one blocks the lane. A failed event blocks it
    /// until its next attempt or until `patience` is over.
    ///
    /// @param rows rows in order of position
    static LaneStep of(List<DeferredDelivery> rows, Instant now, Duration patience) {
        var overtakes = new ArrayList<DeferredDelivery>();
        var wake = Instant.MAX;
        for (var row : rows) {
            if (!row.nextAttemptAt().isAfter(now)) {
                return new Send(row, overtakes);
            }
            wake = RetrySchedule.earlier(wake, row.nextAttemptAt());
            if (row.firstFailedAt().isEmpty()) {
                return new Wait(wake, false);
            }
            var lost = row.firstFailedAt().get().plus(patience);
            if (lost.isAfter(now)) {
                return new Wait(RetrySchedule.earlier(wake, lost), false);
            }
            if (!row.overtaken()) {
                overtakes.add(row);
            }
        }
        return rows.isEmpty() ? new Empty() : new Wait(wake, true);
    }
}
