package dev.tidemark.benchmarks.server;

import java.util.Optional;

/// A server under measurement, inside its own process.
public interface MeasuredServer {
    int port();

    /// The port that speaks TLS, where there is one.
    default Optional<Integer> tlsPort() {
        return Optional.empty();
    }

    /// Stops, and says what it has kept.
    Account stop();

    /// What a server kept, read back from disk after it was stopped.
    ///
    /// @param events that are kept, or -1 where it keeps none
    /// @param duplicates events that are kept a second time, or that it took for repetitions
    /// @param gaps notifications that it took for missing
    record Account(long events, long duplicates, long gaps) {
        static final Account NOTHING = new Account(-1, 0, 0);
    }
}
