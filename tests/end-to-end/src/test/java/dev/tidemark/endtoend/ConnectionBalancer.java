package dev.tidemark.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Load balancer that passes each connection to the next port in use that accepts it. Thread-safe.
final class ConnectionBalancer implements AutoCloseable {
    private final List<Integer> ports = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();
    private final ServerSocket server;

    ConnectionBalancer() {
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    void add(int port) {
        ports.add(port);
    }

    /// Passes no further connection to the port, as after a failed health check.
    void remove(int port) {
        ports.remove(Integer.valueOf(port));
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> balance(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void balance(Socket client) {
        var now = List.copyOf(ports);
        for (var attempt = 0; attempt < now.size(); attempt++) {
            var port = now.get(Math.floorMod(turn.getAndIncrement(), now.size()));
            try {
                var node = new Socket(InetAddress.getLoopbackAddress(), port);
                open.add(node);
                Thread.ofVirtual().start(() -> copy(node, client));
                copy(client, node);
                return;
            } catch (IOException refused) {
                // the next node may accept it
            }
        }
        end(client);
    }

    /// Copies until either side ends, then ends both.
    private void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException ended) {
            // as a balancer does when one side resets the connection
        } finally {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Set.copyOf(open).forEach(this::end);
    }
}
