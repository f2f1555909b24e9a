package dev.tidemark.endtoend;

import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Load balancer that passes each connection to the next port in use that accepts it. Thread-safe.
final class ConnectionBalancer implements AutoCloseable {
    private final List<Integer> ports = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final TcpRelay relay = new TcpRelay(this::connect, () -> {});

    URI url() {
        return URI.create("http://127.0.0.1:" + relay.port());
    }

    void add(int port) {
        ports.add(port);
    }

    /// Passes no further connection to the port, as after a failed health check.
    void remove(int port) {
        ports.remove(Integer.valueOf(port));
    }

    private Optional<Socket> connect() {
        var now = List.copyOf(ports);
        for (var attempt = 0; attempt < now.size(); attempt++) {
            var node = TcpRelay.connect(now.get(Math.floorMod(turn.getAndIncrement(), now.size())));
            if (node.isPresent()) {
                return node;
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        relay.close();
    }
}
