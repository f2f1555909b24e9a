package dev.tidemark.forwarder;

import dev.tidemark.store.model.SinkName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts events that retention removed before delivery, and reports them. Not thread-safe; guarded by the
/// sink's lock.
final class ExpiredEventReporter {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiredEventReporter.class);

    private final SinkName sink;
    private final SinkWriteBuffer buffer;
    private final SinkStats stats;
    private long unreported;

    ExpiredEventReporter(SinkName sink, SinkWriteBuffer buffer, SinkStats stats) {
        this.sink = sink;
        this.buffer = buffer;
        this.stats = stats;
    }

    /// Adds events to the next [#report].
    void add(long events) {
        unreported += events;
    }

    /// Reports all added events in one log line and one event.
    void report() {
        if (unreported > 0) {
            LOG.warn("Sink {} lost {} events: the journal keeps none beyond store.max-undelivered", sink, unreported);
            stats.expired.add(unreported);
            buffer.enqueueInstanceEvent(
                    InstanceEvent.of("delivery.expired", sink, "removed from the journal before delivery")
                            .with("events", unreported));
            unreported = 0;
        }
    }
}
