package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkCase;
import dev.tidemark.benchmarks.server.ComparedServer;
import dev.tidemark.benchmarks.server.ConnectionMode;
import java.time.Duration;
import java.util.List;

/// Settings of a measurement of slow acknowledgements.
///
/// @param mailboxes numbers of mailboxes to measure
/// @param rates notifications per second
/// @param time duration at each rate, for each server
/// @param flatOut load before each measurement after a load
/// @param warmUp warm-up of each process
/// @param settle pause between load and a measurement at rest
record TailPlan(
        List<Integer> mailboxes,
        List<Integer> rates,
        int connections,
        Duration time,
        Duration flatOut,
        Duration warmUp,
        Duration settle) {
    TailPlan {
        mailboxes = List.copyOf(mailboxes);
        rates = List.copyOf(rates);
    }

    BenchmarkCase entry(ComparedServer server, int count) {
        return new BenchmarkCase(server, count, ConnectionMode.KEPT, 1, connections);
    }
}
