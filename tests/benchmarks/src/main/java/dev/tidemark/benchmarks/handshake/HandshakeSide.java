package dev.tidemark.benchmarks.handshake;

import dev.tidemark.benchmarks.server.JsonLineProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A server and the client that connects to it. Not thread-safe.
final class HandshakeSide implements AutoCloseable {
    private final HandshakeServer server;
    private final JsonLineProcess client;

    HandshakeSide(HandshakeServer server, Path client, Path requests, int threads) throws IOException {
        this.server = server;
        var command = List.of(
                client.toString(), Integer.toString(server.port()), requests.toString(), Integer.toString(threads));
        this.client = JsonLineProcess.start(command, requests.resolveSibling("client-" + server.port() + ".log"));
    }

    /// Processor time and connections of several turns.
    ///
    /// @param micros processor time of the server
    record Cost(double micros, List<HandshakeTurn> turns) {
        static final Cost NONE = new Cost(0, List.of());

        Cost plus(Cost more) {
            var all = new ArrayList<>(turns);
            all.addAll(more.turns);
            return new Cost(micros + more.micros, List.copyOf(all));
        }

        long connections() {
            return turns.stream().mapToLong(HandshakeTurn::connections).sum();
        }

        long resumed() {
            return turns.stream().mapToLong(HandshakeTurn::resumed).sum();
        }

        long failures() {
            return turns.stream().mapToLong(HandshakeTurn::failures).sum();
        }

        String failure() {
            return turns.stream()
                    .map(HandshakeTurn::failure)
                    .filter(text -> !text.isEmpty())
                    .findFirst()
                    .orElse("");
        }

        double microsPerConnection() {
            return micros / Math.max(1, connections());
        }
    }

    double processorMicros() {
        return server.processorTime().toNanos() / 1e3;
    }

    /// Connects for `seconds`.
    ///
    /// @param kind `new` or `resumed`
    Cost turn(String version, String kind, double seconds) throws IOException {
        var before = processorMicros();
        var turn =
                client.request(String.format(Locale.ROOT, "%s %s %.2f", version, kind, seconds), HandshakeTurn.class);
        return new Cost(processorMicros() - before, List.of(turn));
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
