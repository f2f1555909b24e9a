package dev.tidemark.store.postgresql;

import dev.tidemark.store.sql.PeriodicTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Thread that runs tasks periodically until it is closed.
final class PeriodicThread implements AutoCloseable {
    private final Duration pause;
    private final List<PeriodicTask> tasks;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    /// @param pause time between two runs
    PeriodicThread(String name, Duration pause, List<PeriodicTask> tasks) {
        this.pause = pause;
        this.tasks = tasks;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                tasks.forEach(PeriodicTask::tick);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for the end of a running task.
    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
