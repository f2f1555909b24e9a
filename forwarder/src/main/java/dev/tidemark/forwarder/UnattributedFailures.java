package dev.tidemark.forwarder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Failures that look like the sink's, of a sink that took what came before them. Whether others still succeed
/// is not known yet: the answers that come next tell. Until then their lanes wait and the others go on. Used by
/// one thread.
final class UnattributedFailures {
    /// So many in a row may be chance, one more is not.
    private static final int MAX_SUSPECTS = 2;

    private final List<SuspectFailure> open = new ArrayList<>();
    private Instant since = Instant.MAX;

    record SuspectFailure(DeliveryBatch shipment, DeliveryOutcome.SinkFailed failed) {
        /// What it was, now that others have succeeded.
        DeliveryOutcome.EventFailed ofEvent() {
            return new DeliveryOutcome.EventFailed(failed.reason(), failed.retryAt(), true);
        }
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    boolean isFull() {
        return open.size() >= MAX_SUSPECTS;
    }

    void add(DeliveryBatch shipment, DeliveryOutcome.SinkFailed failed, Instant now) {
        since = open.isEmpty() ? now : since;
        open.add(new SuspectFailure(shipment, failed));
    }

    SuspectFailure first() {
        return open.getFirst();
    }

    /// When the first of them failed.
    Instant since() {
        return since;
    }

    /// When it counts that nothing has succeeded: a sink that is held is probed then.
    Instant expiresAt() {
        return open.isEmpty() ? Instant.MAX : since.plus(SinkHealthPolicy.FIRST_PROBE_PAUSE);
    }

    List<SuspectFailure> removeAll() {
        var removed = List.copyOf(open);
        open.clear();
        return removed;
    }
}
