package dev.tidemark.forwarder;

import dev.tidemark.watermark.SinkName;
import java.util.concurrent.LinkedBlockingQueue;

/// Sends each request on a virtual thread of its own and puts the answer into the inbox of the sink's
/// thread. How many are under way is the desk's to limit.
final class Requests implements Outbox {
    private final SinkName sink;
    private final Courier courier;
    private final SinkTally tally;
    private final LinkedBlockingQueue<SinkMessage> inbox;

    Requests(SinkName sink, Courier courier, SinkTally tally, LinkedBlockingQueue<SinkMessage> inbox) {
        this.sink = sink;
        this.courier = courier;
        this.tally = tally;
        this.inbox = inbox;
    }

    @Override
    public void send(Shipment shipment) {
        Thread.ofVirtual().name("sink-" + sink + "-request").start(() -> deliver(shipment));
    }

    private void deliver(Shipment shipment) {
        var answer = courier.deliver(shipment);
        tally.attempts.increment();
        if (FailureKind.of(answer) == FailureKind.NONE) {
            tally.delivered.add(shipment.size());
        } else {
            tally.failed.increment();
        }
        inbox.add(new SinkMessage.Returned(shipment, answer));
    }
}
