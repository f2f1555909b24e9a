package dev.tidemark.store.engine;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Publishes the end of the journal to its readers, which can wait for more events. Thread-safe.
public final class JournalEndSignal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile long end;

    public long end() {
        return end;
    }

    public void reach(long newEnd) {
        if (newEnd == end) {
            return;
        }
        lock.lock();
        try {
            end = newEnd;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public boolean awaitBeyond(long position, Duration timeout) throws InterruptedException {
        lock.lock();
        try {
            var left = timeout.toNanos();
            while (end <= position && left > 0) {
                left = moved.awaitNanos(left);
            }
            return end > position;
        } finally {
            lock.unlock();
        }
    }
}
