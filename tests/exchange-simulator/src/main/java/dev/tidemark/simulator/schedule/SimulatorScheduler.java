package dev.tidemark.simulator.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Clock and scheduler of the simulator. Tests use a [ManualScheduler].
public interface SimulatorScheduler extends AutoCloseable {
    Clock clock();

    /// Runs a short task once the clock shows `due`. Tasks with the same due time run in the order of their
    /// calls.
    void at(Instant due, Runnable task);

    /// Moves the clock forward and runs each task at its due time.
    ///
    /// @param settle waits until the work that tasks have handed over is done; called after each task
    void advance(Duration interval, Runnable settle);

    @Override
    void close();
}
