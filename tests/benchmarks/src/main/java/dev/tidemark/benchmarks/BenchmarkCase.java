package dev.tidemark.benchmarks;

/// A row of the table: a server, and how it is called.
///
/// @param events of each notification
record BenchmarkCase(ComparedServer rival, int mailboxes, ConnectionMode transport, int events, int connections) {
    String name() {
        var many = events > 1 ? ", " + events + " events each" : "";
        return "(" + rival.letter() + ") " + rival.text() + ", " + transport.text() + many;
    }

    /// The process that it runs against; entries may share one.
    Seat seat() {
        return new Seat(rival, mailboxes);
    }

    record Seat(ComparedServer rival, int mailboxes) {}
}
