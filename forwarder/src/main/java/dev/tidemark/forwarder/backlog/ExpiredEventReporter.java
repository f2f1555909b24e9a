package dev.tidemark.forwarder.backlog;

import dev.tidemark.forwarder.event.InstanceEvent;
import dev.tidemark.store.model.SinkName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Events that the journal did not keep for as long as a sink needed: counted, and told. Used by one thread.
final class ExpiredEventReporter {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiredEventReporter.class);

    private final SinkName sink;
    private final SinkWriteBuffer ledger;
    private final SinkStats tally;
    private long unreported;

    ExpiredEventReporter(SinkName sink, SinkWriteBuffer ledger, SinkStats tally) {
        this.sink = sink;
        this.ledger = ledger;
        this.tally = tally;
    }

    /// To be told by the next [#tell].
    void add(long events) {
        unreported += events;
    }

    /// Tells of all that were added, in one.
    void report() {
        if (unreported > 0) {
            LOG.warn("Sink {} lost {} events: the journal keeps none beyond store.max-undelivered", sink, unreported);
            tally.expired.add(unreported);
            ledger.enqueueInstanceEvent(
                    InstanceEvent.of("delivery.expired", sink, "removed from the journal before delivery")
                            .with("events", unreported));
            unreported = 0;
        }
    }
}
