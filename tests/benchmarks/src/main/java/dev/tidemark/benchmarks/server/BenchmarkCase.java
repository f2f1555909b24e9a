package dev.tidemark.benchmarks.server;

import dev.tidemark.benchmarks.load.ConnectionMode;

/// A row of the table: a server, and how it is called.
///
/// @param events of each notification
public record BenchmarkCase(ComparedServer rival, int mailboxes, ConnectionMode transport, int events, int connections) {
    public String name() {
        var many = events > 1 ? ", " + events + " events each" : "";
        return "(" + rival.letter() + ") " + rival.text() + ", " + transport.text() + many;
    }

    /// The process that it runs against; entries may share one.
    public Seat seat() {
        return new Seat(rival, mailboxes);
    }

    public record Seat(ComparedServer rival, int mailboxes) {}
}
