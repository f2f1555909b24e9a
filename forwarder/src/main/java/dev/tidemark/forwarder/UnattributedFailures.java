package dev.tidemark.forwarder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Failures that look like the sink's, although earlier deliveries succeeded. The next results decide the
/// cause. Until then their lanes wait and other lanes continue. Not thread-safe; guarded by the sink's lock.
final class UnattributedFailures {
    /// Limit of open failures. One more in a row is not treated as chance.
    private static final int MAX_SUSPECTS = 2;

    private final List<SuspectFailure> open = new ArrayList<>();
    private Instant since = Instant.MAX;

    record SuspectFailure(DeliveryBatch batch, DeliveryOutcome.SinkFailed failed) {
        /// Returns the failure as the event's, because other deliveries succeeded.
        DeliveryOutcome.EventFailed ofEvent() {
            return new DeliveryOutcome.EventFailed(failed.reason(), failed.retryAt(), true, failed.response());
        }
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    boolean isFull() {
        return open.size() >= MAX_SUSPECTS;
    }

    void add(DeliveryBatch batch, DeliveryOutcome.SinkFailed failed, Instant now) {
        since = open.isEmpty() ? now : since;
        open.add(new SuspectFailure(batch, failed));
    }

    SuspectFailure first() {
        return open.getFirst();
    }

    /// Returns the time of the first failure.
    Instant since() {
        return since;
    }

    /// Returns the time at which the missing success counts against the sink, which is then held and probed.
    Instant expiresAt() {
        return open.isEmpty() ? Instant.MAX : since.plus(SinkHealthPolicy.FIRST_PROBE_PAUSE);
    }

    List<SuspectFailure> removeAll() {
        var removed = List.copyOf(open);
        open.clear();
        return removed;
    }
}
