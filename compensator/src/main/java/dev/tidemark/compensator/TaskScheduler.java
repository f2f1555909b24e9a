package dev.tidemark.compensator;

import java.time.Duration;

/// Runs tasks at their time. A task never runs twice at once, and what it throws ends only that run.
interface TaskScheduler extends AutoCloseable {
    /// A task that is run again and again.
    record Task(String name, Duration first, Duration every, Runnable work) {}

    /// No task runs before.
    void start();

    /// Runs a task at once, or right after its present run.
    void wakeNow(String task);

    /// Runs a task once more after `delay`; a later call replaces an earlier one.
    void wakeIn(String task, Duration delay);

    /// Waits for the runs under way, then starts none.
    @Override
    void close();
}
