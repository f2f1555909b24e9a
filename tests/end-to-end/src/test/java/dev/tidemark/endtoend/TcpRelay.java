package dev.tidemark.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Listens on a loopback port and passes each connection to a server, in both directions, until either side ends.
/// Thread-safe.
final class TcpRelay implements AutoCloseable {
    private static final int BACKLOG = 512;

    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ServerSocket door;
    private final Route route;
    private final Runnable passage;

    /// Connects to the server of a new connection.
    @FunctionalInterface
    interface Route {
        /// Returns a connection to a server; empty if none accepts it.
        Optional<Socket> connect();
    }

    /// @param passage called before each packet passes, and before a connection is made or ended; may block
    TcpRelay(Route route, Runnable passage) {
        this.route = route;
        this.passage = passage;
        try {
            door = new ServerSocket();
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /// Connects to a port of this machine; empty if it refuses.
    static Optional<Socket> connect(int port) {
        try {
            return Optional.of(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException refused) {
            return Optional.empty();
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var client = door.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> relay(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void relay(Socket client) {
        passage.run();
        route.connect().ifPresentOrElse(server -> relay(client, server), () -> end(client));
    }

    private void relay(Socket client, Socket server) {
        open.add(server);
        try {
            // a packet must not wait for the next one
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException ended) {
            end(client);
            end(server);
            return;
        }
        Thread.ofVirtual().start(() -> copy(server, client));
        copy(client, server);
    }

    /// Copies until either side ends, then ends both.
    private void copy(Socket from, Socket to) {
        var bytes = new byte[1 << 16];
        try {
            for (var read = from.getInputStream().read(bytes);
                    read >= 0;
                    read = from.getInputStream().read(bytes)) {
                passage.run();
                to.getOutputStream().write(bytes, 0, read);
            }
        } catch (IOException ended) {
            // both sides end below
        } finally {
            passage.run();
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
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Set.copyOf(open).forEach(this::end);
    }
}
