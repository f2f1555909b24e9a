package dev.tidemark.forwarder;

import dev.tidemark.forwarder.backlog.SinkStats;
import dev.tidemark.forwarder.target.DeliveryResult;
import dev.tidemark.store.model.SinkName;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// Sends requests, and hands each answer back on the thread that waited for it. How many are under way is the
/// desk's to limit.
///
/// The threads are platform threads and stay for a while: a request to a fast receiver takes some tens of
/// microseconds, and a virtual thread that blocks in a socket for so short is put down and taken up again by
/// two other threads, which costs as much as the request itself. There are never more than a sink's
/// `concurrency` of them, and none where nothing is sent.
final class ThreadPoolBatchSender implements DeliveryBatchSender, AutoCloseable {
    private static final int IDLE_SECONDS = 30;

    private final EventSender courier;
    private final SinkStats tally;
    private final BiConsumer<DeliveryBatch, DeliveryResult> returned;
    private final ThreadPoolExecutor threads;

    /// @param most requests at a time
    /// @param returned called for each shipment, never by two threads for one
    ThreadPoolBatchSender(
            SinkName sink,
            EventSender courier,
            SinkStats tally,
            int most,
            BiConsumer<DeliveryBatch, DeliveryResult> returned) {
        this.courier = courier;
        this.tally = tally;
        this.returned = returned;
        var factory = Thread.ofPlatform()
                .daemon()
                .name("sink-" + sink + "-request-", 1)
                .factory();
        this.threads = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        this.threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void send(DeliveryBatch shipment) {
        threads.execute(() -> deliver(shipment));
    }

    private void deliver(DeliveryBatch shipment) {
        var answer = courier.deliver(shipment);
        tally.attempts.increment();
        if (answer instanceof DeliveryResult.Stale) {
            var next = shipment.nextAttempt();
            answer = courier.deliverOnNewConnection(next);
            tally.attempts.increment();
            report(next, answer);
        } else {
            report(shipment, answer);
        }
    }

    private void report(DeliveryBatch shipment, DeliveryResult answer) {
        if (FailureKind.of(answer) == FailureKind.NONE) {
            tally.delivered.add(shipment.size());
        } else {
            tally.failed.increment();
        }
        returned.accept(shipment, answer);
    }

    /// Nothing more is sent; what is under way ends by itself.
    @Override
    public void close() {
        threads.shutdown();
    }
}
