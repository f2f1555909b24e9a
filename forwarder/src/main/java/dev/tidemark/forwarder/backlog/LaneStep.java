package dev.tidemark.forwarder.backlog;

import dev.tidemark.store.model.DeferredDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What to do next with the deferred events of one lane.
sealed interface LaneStep {
    /// This one goes now.
    ///
    /// @param overtakes events that this one goes ahead of, and that are told so
    record Send(DeferredDelivery row, List<DeferredDelivery> overtakes) implements LaneStep {}

    /// None may go yet.
    ///
    /// @param open whether another event behind these could go at once
    record Wait(Instant until, boolean open) implements LaneStep {}

    record Empty() implements LaneStep {}

    /// The first event that is due, unless one before it still holds the lane. One that failed holds it until
    /// it is due again or `patience` is over.
    ///
    /// @param rows in order of position
    static LaneStep of(List<DeferredDelivery> rows, Instant now, Duration patience) {
        var overtakes = new ArrayList<DeferredDelivery>();
        var wake = Instant.MAX;
        for (var row : rows) {
            if (!row.nextAttemptAt().isAfter(now)) {
                return new Send(row, overtakes);
            }
            wake = InstantMath.earlier(wake, row.nextAttemptAt());
            if (row.firstFailedAt().isEmpty()) {
                return new Wait(wake, false);
            }
            var lost = row.firstFailedAt().get().plus(patience);
            if (lost.isAfter(now)) {
                return new Wait(InstantMath.earlier(wake, lost), false);
            }
            if (!row.overtaken()) {
                overtakes.add(row);
            }
        }
        return rows.isEmpty() ? new Empty() : new Wait(wake, true);
    }
}
