package dev.tidemark.forwarder.heartbeat;

import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Heartbeats that wait for one sink, and the thread that sends them one after the other. Heartbeats are not
/// journaled: one that finds the queue full is dropped, and none is sent twice. Thread-safe.
public final class HeartbeatQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatQueue.class);
    private static final int CAPACITY = 1_000;

    private final SinkName sink;
    private final BlockingQueue<Heartbeat> waiting = new ArrayBlockingQueue<>(CAPACITY);
    private final Thread thread;
    /// true from the first dropped heartbeat until the queue is empty
    private volatile boolean isDropping;

    /// Callback without a change, which shows that a subscription is alive.
    public record Heartbeat(MailboxRef mailbox, Instant receivedAt) {}

    /// Sends a heartbeat; blocks until a result is known.
    @FunctionalInterface
    public interface HeartbeatSender {
        void send(Heartbeat heartbeat);
    }

    public HeartbeatQueue(SinkName sink, HeartbeatSender sender) {
        this.sink = sink;
        thread = Thread.ofVirtual().name("sink-heartbeats-" + sink).unstarted(() -> sendAll(sender));
    }

    /// Starts to send.
    public void start() {
        thread.start();
    }

    /// Adds a heartbeat; returns at once.
    public void offer(Heartbeat heartbeat) {
        if (!waiting.offer(heartbeat) && !isDropping) {
            isDropping = true;
            LOG.warn(
                    "Sink {} receives heartbeats too slowly; dropping those that find {} waiting. Make its receiver"
                            + " faster, or remove dev.tidemark.heartbeat from its events",
                    sink,
                    CAPACITY);
        }
    }

    private void sendAll(HeartbeatSender sender) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                send(sender, waiting.take());
                if (waiting.isEmpty()) {
                    isDropping = false;
                }
            }
        } catch (InterruptedException closed) {
            LOG.debug("Stopped sending heartbeats to sink {}", sink);
        }
    }

    private void send(HeartbeatSender sender, Heartbeat heartbeat) {
        try {
            sender.send(heartbeat);
        } catch (RuntimeException | Error e) {
            // the next heartbeat may succeed; without this thread there would be none until a restart
            LOG.warn("Failed to send a heartbeat to sink {}", sink, e);
        }
    }

    /// Ends the thread; drops the heartbeats that wait.
    @Override
    public void close() {
        thread.interrupt();
    }
}
