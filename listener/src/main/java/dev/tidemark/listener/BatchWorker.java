package dev.tidemark.listener;

import dev.tidemark.store.UninterruptibleStoreThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Thread with a queue. Takes all waiting items, up to a limit, and handles them as one batch in the order of
/// their arrival. [DecoderPool] and [CallbackAcknowledger] own the workers. The queue has no limit;
/// [InFlightLimiter] limits the items before they get here. Thread-safe.
///
/// The thread is a platform thread: workers are few, live as long as the listener and mostly use the processor.
/// The thread of a committing worker also writes to the store.
final class BatchWorker<T> implements AutoCloseable {
    /// Handles one batch on the thread of the worker.
    @FunctionalInterface
    interface BatchHandler<T> {
        void handle(List<T> batch);
    }

    private static final Logger LOG = LoggerFactory.getLogger(BatchWorker.class);

    private final Queue<T> queue = new ArrayDeque<>();
    private final int maxBatchSize;
    private final BatchHandler<T> handler;
    private final LongAdder faults;
    private final Thread thread;
    private boolean closed;
    private boolean idle;

    BatchWorker(String name, int maxBatchSize, BatchHandler<T> handler, LongAdder faults) {
        this.maxBatchSize = maxBatchSize;
        this.handler = handler;
        this.faults = faults;
        thread = new UninterruptibleStoreThread(name, this::run);
    }

    BatchWorker<T> start() {
        thread.start();
        return this;
    }

    void add(T item) {
        synchronized (queue) {
            queue.add(item);
            if (idle) {
                idle = false;
                queue.notifyAll();
            }
        }
    }

    void addAll(Collection<T> items) {
        synchronized (queue) {
            queue.addAll(items);
            if (idle && !items.isEmpty()) {
                idle = false;
                queue.notifyAll();
            }
        }
    }

    /// Handles everything in the queue, then ends the thread. Never interrupts it: an interrupt during a write
    /// would close the store's file.
    @Override
    public void close() {
        synchronized (queue) {
            closed = true;
            queue.notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException expected) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        for (var batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
            try {
                handler.handle(batch);
            } catch (Throwable e) {
                faults.increment();
                LOG.error(
                        "{} failed to handle a batch of {} items; continuing with the next batch",
                        thread.getName(),
                        batch.size(),
                        e);
            }
        }
    }

    private List<T> nextBatch() {
        synchronized (queue) {
            while (queue.isEmpty() && !closed) {
                idle = true;
                try {
                    queue.wait();
                } catch (InterruptedException e) {
                    LOG.debug("{} was interrupted; it ends only when it is closed", thread.getName(), e);
                }
            }
            var batch = new ArrayList<T>(Math.min(maxBatchSize, queue.size()));
            while (batch.size() < maxBatchSize && !queue.isEmpty()) {
                batch.add(queue.remove());
            }
            return batch;
        }
    }
}
