package dev.tidemark.forwarder;

import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.store.model.SinkName;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Sends requests on a pool of threads and passes each result to the caller's function on the same thread. The
/// sink's limit of requests in flight bounds the threads; idle threads end after 30 s. Thread-safe.
///
/// Uses platform threads: a request to a fast receiver takes some tens of microseconds. A virtual thread that
/// blocks so briefly is unmounted and mounted again by two other threads, which costs as much as the request.
final class ThreadPoolBatchSender implements AutoCloseable {
    private static final int IDLE_SECONDS = 30;

    private final EventSender sender;
    private final SinkStats stats;
    private final Clock clock;
    private final BooleanSupplier permit;
    private final ThreadPoolExecutor threads;

    /// @param limit maximum of requests in flight
    ThreadPoolBatchSender(SinkName sink, EventSender sender, SinkStats stats, int limit, Clock clock) {
        this(sink, sender, stats, limit, clock, () -> true);
    }

    /// @param permit false while nothing may be sent; asked directly before each request
    ThreadPoolBatchSender(
            SinkName sink, EventSender sender, SinkStats stats, int limit, Clock clock, BooleanSupplier permit) {
        this.sender = sender;
        this.permit = permit;
        this.stats = stats;
        this.clock = clock;
        var factory = Thread.ofPlatform()
                .daemon()
                .name("sink-" + sink + "-request-", 1)
                .factory();
        this.threads = new ThreadPoolExecutor(
                limit, limit, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        this.threads.allowCoreThreadTimeOut(true);
    }

    /// Sends a request. Calls one of the two functions exactly once, on the thread that sent it.
    ///
    /// @param onWithheld receives a request that was not sent, because it is not permitted
    void send(
            DeliveryBatch batch,
            BiConsumer<DeliveryBatch, DeliveryResult> onResult,
            Consumer<DeliveryBatch> onWithheld) {
        threads.execute(() -> {
            if (permit.getAsBoolean()) {
                deliver(batch, onResult, onWithheld);
            } else {
                onWithheld.accept(batch);
            }
        });
    }

    private void deliver(
            DeliveryBatch batch,
            BiConsumer<DeliveryBatch, DeliveryResult> onResult,
            Consumer<DeliveryBatch> onWithheld) {
        var attempt = batch;
        var started = System.nanoTime();
        var result = sender.deliver(attempt);
        stats.attempts.increment();
        if (result instanceof DeliveryResult.Stale) {
            if (!permit.getAsBoolean()) {
                onWithheld.accept(batch);
                return;
            }
            attempt = batch.nextAttempt();
            started = System.nanoTime();
            result = sender.deliverOnNewConnection(attempt);
            stats.attempts.increment();
        }
        stats.requests.recordNanos(System.nanoTime() - started);
        count(attempt, result);
        onResult.accept(attempt, result);
    }

    private void count(DeliveryBatch batch, DeliveryResult result) {
        if (FailureKind.of(result) == FailureKind.NONE) {
            stats.delivered.add(batch.size());
            countLag(batch);
        } else {
            stats.failed.add(batch.size());
        }
    }

    private void countLag(DeliveryBatch batch) {
        if (!batch.isReplay()) {
            var now = clock.instant();
            batch.deliveries()
                    .forEach(each ->
                            stats.lag.record(Duration.between(each.event().recordedAt(), now)));
        }
    }

    /// Stops sending new requests; requests in flight finish.
    @Override
    public void close() {
        threads.shutdown();
    }
}
