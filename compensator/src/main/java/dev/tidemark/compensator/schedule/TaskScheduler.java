package dev.tidemark.compensator.schedule;

import java.time.Duration;
import java.util.List;

/// Runs tasks periodically and on request. Guarantees that a task never runs twice at once, and that an
/// exception ends only its own run. Thread-safe.
public interface TaskScheduler extends AutoCloseable {
    /// Creates a scheduler for a fixed list of tasks.
    @FunctionalInterface
    interface Factory {
        TaskScheduler create(List<Task> tasks);
    }

    /// Task that runs periodically.
    record Task(String name, Duration first, Duration every, Runnable work) {}

    /// Starts the runs.
    void start();

    /// Runs a task at once, or directly after its present run.
    void wakeNow(String task);

    /// Runs a task one more time after `delay`; a later call replaces an earlier one.
    void wakeIn(String task, Duration delay);

    /// Starts no more runs, and waits for the running ones.
    @Override
    void close();
}
