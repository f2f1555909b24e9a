package dev.tidemark.benchmarks.server;

import dev.tidemark.benchmarks.load.ConnectionMode;
import dev.tidemark.benchmarks.load.LoadTarget;
import dev.tidemark.benchmarks.load.MailboxPopulation;
import java.io.IOException;
import java.time.Duration;

/// A server under measurement in a process of its own, and the mailboxes that call it back. Used by one thread.
public interface RunningServer extends AutoCloseable {
    MailboxPopulation population();

    LoadTarget target(ConnectionMode transport);

    /// Returns the processor time that it has used so far.
    Duration processorTime();

    /// Stops it, and returns what it has kept.
    MeasuredServer.Account stop() throws IOException;

    @Override
    void close();
}
