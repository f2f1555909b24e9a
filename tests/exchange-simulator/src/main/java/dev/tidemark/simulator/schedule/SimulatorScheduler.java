package dev.tidemark.simulator.schedule;

import java.time.Clock;
import java.time.Instant;

/// The simulator's time: what it is, and what happens when. Tests hand in a [ManualScheduler].
public interface SimulatorScheduler extends AutoCloseable {
    Clock clock();

    /// Runs a short task once the clock shows `due`; tasks of the same instant in the order they came.
    void at(Instant due, Runnable task);

    @Override
    void close();
}
