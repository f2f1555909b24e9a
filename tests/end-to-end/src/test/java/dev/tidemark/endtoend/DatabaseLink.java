package dev.tidemark.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// Network between a node and the servers of its store. It can delay each packet, or pass none, as a network does that
/// loses all of them. Thread-safe.
final class DatabaseLink implements AutoCloseable {
    private static final Pattern SERVER = Pattern.compile("localhost:(\\d+)");
    private static final Duration POLL = Duration.ofMillis(20);

    private final String url;
    private final List<ServerSocket> doors = new ArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean isStalled;

    /// @param store URL of the store, with the servers' ports
    DatabaseLink(String store) {
        url = SERVER.matcher(store).replaceAll(server -> "localhost:" + listen(Integer.parseInt(server.group(1))));
    }

    /// Returns the URL of the store through this link.
    String url() {
        return url;
    }

    /// Delays each packet from now on, in both directions.
    void delay(Duration time) {
        delay = time;
    }

    /// Passes no packet until [#proceed].
    void stall() {
        isStalled = true;
    }

    void proceed() {
        isStalled = false;
    }

    private int listen(int port) {
        try {
            var door = new ServerSocket();
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
            doors.add(door);
            Thread.ofVirtual().start(() -> accept(door, port));
            return door.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket door, int port) {
        while (!door.isClosed()) {
            try {
                var client = door.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> connect(client, port));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client, int port) {
        awaitPassage();
        try {
            var server = new Socket(InetAddress.getLoopbackAddress(), port);
            open.add(server);
            // a packet must not wait for the next one
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> copy(server, client));
            copy(client, server);
        } catch (IOException refused) {
            end(client);
        }
    }

    /// Copies until either side ends, then ends both.
    private void copy(Socket from, Socket to) {
        var bytes = new byte[1 << 16];
        try {
            for (var read = from.getInputStream().read(bytes);
                    read >= 0;
                    read = from.getInputStream().read(bytes)) {
                awaitPassage();
                to.getOutputStream().write(bytes, 0, read);
            }
        } catch (IOException ended) {
            // the other side learns of it below
        } finally {
            awaitPassage();
            end(from);
            end(to);
        }
    }

    private void awaitPassage() {
        LockSupport.parkNanos(delay.toNanos());
        while (isStalled) {
            LockSupport.parkNanos(POLL.toNanos());
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
        proceed();
        doors.forEach(door -> {
            try {
                door.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Set.copyOf(open).forEach(this::end);
    }
}
