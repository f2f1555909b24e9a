package dev.tidemark.benchmarks.server;

/// Row of the table: a server and the load on it.
///
/// @param events events per notification
public record BenchmarkCase(
        ComparedServer server, int mailboxes, ConnectionMode transport, int events, int connections) {
    public String name() {
        var many = events > 1 ? ", " + events + " events each" : "";
        return "(" + server.letter() + ") " + server.text() + ", " + transport.text() + many;
    }

    /// Returns the process for this case; several cases may share it.
    public ServerSetup setup() {
        return new ServerSetup(server, mailboxes);
    }

    public record ServerSetup(ComparedServer server, int mailboxes) {}
}
