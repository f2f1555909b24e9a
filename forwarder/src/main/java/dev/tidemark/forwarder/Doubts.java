package dev.tidemark.forwarder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Failures that look like the sink's, of a sink that took what came before them. Whether others still succeed
/// is not known yet: the answers that come next tell. Until then their lanes wait and the others go on. Used by
/// one thread.
final class Doubts {
    /// So many in a row may be chance, one more is not.
    private static final int MOST = 2;

    private final List<Doubt> open = new ArrayList<>();
    private Instant since = Instant.MAX;

    record Doubt(Shipment shipment, Verdict.SinkFailed failed) {
        /// What it was, now that others have succeeded.
        Verdict.EventFailed ofEvent() {
            return new Verdict.EventFailed(failed.reason(), failed.retryAt(), true);
        }
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    boolean isFull() {
        return open.size() >= MOST;
    }

    void add(Shipment shipment, Verdict.SinkFailed failed, Instant now) {
        since = open.isEmpty() ? now : since;
        open.add(new Doubt(shipment, failed));
    }

    Doubt first() {
        return open.getFirst();
    }

    /// When the first of them failed.
    Instant since() {
        return since;
    }

    /// When it counts that nothing has succeeded: a sink that is held is probed then.
    Instant end() {
        return open.isEmpty() ? Instant.MAX : since.plus(SinkHealth.FIRST_PROBE);
    }

    List<Doubt> removeAll() {
        var removed = List.copyOf(open);
        open.clear();
        return removed;
    }
}
