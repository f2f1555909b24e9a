package dev.tidemark.forwarder.heartbeat;

import static org.awaitility.Awaitility.await;

import dev.tidemark.forwarder.heartbeat.HeartbeatQueue.Heartbeat;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class HeartbeatQueueTest {
    private static final SinkName SINK = new SinkName("pulse");
    private static final Heartbeat HEARTBEAT = new Heartbeat(
            new MailboxRef(new MailboxId("mbx_aaaaaaaaaaaaaaaa"), new MailboxAddress("ada@example.com"), "inboxes"),
            Instant.parse("2026-11-01T09:15:02Z"));

    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();

    @Test
    void a_heartbeat_that_finds_the_queue_full_is_dropped_without_waiting() {
        var slow = new CountDownLatch(1);
        try (var queue = new HeartbeatQueue(SINK, ignored -> sendAfter(slow))) {
            queue.start();
            queue.offer(HEARTBEAT);
            await().until(() -> begun.get() == 1);
            for (var i = 0; i < 2_000; i++) {
                queue.offer(HEARTBEAT);
            }
            slow.countDown();
            await().until(() -> sent.get() == 1_001);
            queue.offer(HEARTBEAT);
            await().until(() -> sent.get() == 1_002);
        }
    }

    @Test
    void an_unexpected_error_does_not_end_the_heartbeats() {
        try (var queue = new HeartbeatQueue(SINK, ignored -> failOnce())) {
            queue.start();
            queue.offer(HEARTBEAT);
            queue.offer(HEARTBEAT);
            await().until(() -> sent.get() == 1);
        }
    }

    private void sendAfter(CountDownLatch latch) {
        begun.incrementAndGet();
        try {
            latch.await();
            sent.incrementAndGet();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void failOnce() {
        if (begun.getAndIncrement() == 0) {
            throw new NoClassDefFoundError("simulated");
        }
        sent.incrementAndGet();
    }
}
