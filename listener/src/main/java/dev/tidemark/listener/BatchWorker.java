package dev.tidemark.listener;

import dev.tidemark.store.UninterruptibleStoreThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread with its queue: it takes everything that waits, up to a bound, and works on it as one batch, in
/// the order in which it was put. The queue itself has no bound; [InFlightLimiter] is in front of it.
///
/// Its thread is a platform thread: stages are few, live as long as the listener, and are busy with the
/// processor most of the time. It writes to the store itself where that is its work.
final class BatchWorker<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BatchWorker.class);

    private final Queue<T> queue = new ArrayDeque<>();
    private final int maxBatchSize;
    private final Consumer<List<T>> handler;
    private final LongAdder faults;
    private final Thread thread;
    private boolean closed;
    private boolean idle;

    BatchWorker(String name, int most, Consumer<List<T>> work, LongAdder faults) {
        this.maxBatchSize = most;
        this.handler = work;
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

    /// Works on everything that was put, then ends. It never interrupts: an interrupt in the middle of a write
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
                handler.accept(batch);
            } catch (Throwable e) {
                faults.increment();
                LOG.error(
                        "{} could not finish a batch of {}; it goes on with the next.",
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
                    LOG.debug("{} was interrupted; it ends when it is closed.", thread.getName(), e);
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
