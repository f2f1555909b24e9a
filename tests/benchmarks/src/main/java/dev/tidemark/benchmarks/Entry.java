package dev.tidemark.benchmarks;

/// A row of the table: a server, and how it is called.
///
/// @param events of each notification
record Entry(Rival rival, int mailboxes, Transport transport, int events, int connections) {
    String name() {
        var many = events > 1 ? ", " + events + " events each" : "";
        return "(" + rival.letter() + ") " + rival.text() + ", " + transport.text() + many;
    }

    /// The process that it runs against; entries may share one.
    Seat seat() {
        return new Seat(rival, mailboxes);
    }

    record Seat(Rival rival, int mailboxes) {}
}
