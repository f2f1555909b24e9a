package dev.tidemark.store.postgresql;

import dev.tidemark.store.sql.PeriodicTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Thread that runs tasks periodically, and after each wakeup, until it is closed.
final class PeriodicThread implements AutoCloseable {
    private final Duration pause;
    private final List<PeriodicTask> tasks;
    private final Semaphore wakeups = new Semaphore(0);
    private final Thread thread;
    private volatile boolean isStopping;

    /// @param pause time between two runs
    PeriodicThread(String name, Duration pause, List<PeriodicTask> tasks) {
        this.pause = pause;
        this.tasks = tasks;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Runs the tasks soon. Never blocks.
    void wake() {
        wakeups.release();
    }

    private void run() {
        try {
            while (!isStopping) {
                if (wakeups.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    wakeups.drainPermits();
                }
                if (!isStopping) {
                    tasks.forEach(PeriodicTask::tick);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for the end of a running task.
    @Override
    public void close() {
        isStopping = true;
        wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
