package dev.tidemark.benchmarks.server;

import java.io.IOException;
import java.time.Duration;

/// Server under measurement in a separate process, and the mailboxes that call it back. Not thread-safe; used
/// by one thread.
public interface RunningServer extends AutoCloseable {
    MailboxPopulation population();

    LoadTarget target(ConnectionMode transport);

    /// Returns the processor time that it has used so far.
    Duration processorTime();

    /// Stops it and returns the counts of kept events.
    MeasuredServer.Account stop() throws IOException;

    @Override
    void close();
}
