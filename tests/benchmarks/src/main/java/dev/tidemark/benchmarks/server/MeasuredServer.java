package dev.tidemark.benchmarks.server;

import java.util.Optional;

/// Server under measurement, within its process.
public interface MeasuredServer {
    int port();

    /// Returns the TLS port, if any.
    default Optional<Integer> tlsPort() {
        return Optional.empty();
    }

    /// Stops and returns the counts of kept events.
    Account stop();

    /// Counts of a stopped server, read back from disk.
    ///
    /// @param events number of kept events, or -1 if the server keeps none
    /// @param duplicates number of events kept twice or rejected as repetitions
    /// @param gaps number of detected gaps
    record Account(long events, long duplicates, long gaps) {
        static final Account NOTHING = new Account(-1, 0, 0);
    }
}
