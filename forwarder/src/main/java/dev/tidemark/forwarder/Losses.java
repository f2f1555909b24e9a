package dev.tidemark.forwarder;

import dev.tidemark.watermark.SinkName;

/// Events that the journal did not keep for as long as a sink needed: counted, and told. Used by one thread.
final class Losses {
    private final SinkName sink;
    private final SinkLedger ledger;
    private final SinkTally tally;

    Losses(SinkName sink, SinkLedger ledger, SinkTally tally) {
        this.sink = sink;
        this.ledger = ledger;
        this.tally = tally;
    }

    void tell(long events) {
        if (events > 0) {
            tally.expired.add(events);
            ledger.tell(Notice.of("delivery.expired", sink, "removed from the journal before delivery")
                    .with("events", events));
        }
    }
}
