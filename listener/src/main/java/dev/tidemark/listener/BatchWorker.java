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

    private final Queue<T> waiting = new ArrayDeque<>();
    private final int most;
    private final Consumer<List<T>> work;
    private final LongAdder faults;
    private final Thread thread;
    private boolean closed;
    private boolean idle;

    BatchWorker(String name, int most, Consumer<List<T>> work, LongAdder faults) {
        this.most = most;
        this.work = work;
        this.faults = faults;
        thread = new UninterruptibleStoreThread(name, this::run);
    }

    BatchWorker<T> start() {
        thread.start();
        return this;
    }

    void put(T item) {
        synchronized (waiting) {
            waiting.add(item);
            if (idle) {
                idle = false;
                waiting.notifyAll();
            }
        }
    }

    void putAll(Collection<T> items) {
        synchronized (waiting) {
            waiting.addAll(items);
            if (idle && !items.isEmpty()) {
                idle = false;
                waiting.notifyAll();
            }
        }
    }

    /// Works on everything that was put, then ends. It never interrupts: an interrupt in the middle of a write
    /// would close the store's file.
    @Override
    public void close() {
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException expected) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        for (var batch = next(); !batch.isEmpty(); batch = next()) {
            try {
                work.accept(batch);
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

    private List<T> next() {
        synchronized (waiting) {
            while (waiting.isEmpty() && !closed) {
                idle = true;
                try {
                    waiting.wait();
                } catch (InterruptedException e) {
                    LOG.debug("{} was interrupted; it ends when it is closed.", thread.getName(), e);
                }
            }
            var batch = new ArrayList<T>(Math.min(most, waiting.size()));
            while (batch.size() < most && !waiting.isEmpty()) {
                batch.add(waiting.remove());
            }
            return batch;
        }
    }
}
