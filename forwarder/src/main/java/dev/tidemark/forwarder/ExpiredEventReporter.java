package dev.tidemark.forwarder;

import dev.tidemark.store.model.SinkName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Events that the journal did not keep for as long as a sink needed: counted, and told. Used by one thread.
final class ExpiredEventReporter {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiredEventReporter.class);

    private final SinkName sink;
    private final SinkWriteBuffer ledger;
    private final SinkStats tally;
    private long untold;

    ExpiredEventReporter(SinkName sink, SinkWriteBuffer ledger, SinkStats tally) {
        this.sink = sink;
        this.ledger = ledger;
        this.tally = tally;
    }

    /// To be told by the next [#tell].
    void add(long events) {
        untold += events;
    }

    /// Tells of all that were added, in one.
    void tell() {
        if (untold > 0) {
            LOG.warn("Sink {} lost {} events: the journal keeps none beyond store.max-undelivered", sink, untold);
            tally.expired.add(untold);
            ledger.tell(InstanceEvent.of("delivery.expired", sink, "removed from the journal before delivery")
                    .with("events", untold));
            untold = 0;
        }
    }
}
