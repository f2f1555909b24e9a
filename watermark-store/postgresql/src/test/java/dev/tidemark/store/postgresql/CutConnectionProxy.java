package dev.tidemark.store.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/// Passes connections on to a server, and ends one before a given answer of the server arrives.
final class CutConnectionProxy implements AutoCloseable {
    private static final int NEVER = Integer.MIN_VALUE;

    private final ServerSocket door;
    private final int port;
    private final AtomicInteger answersLeft = new AtomicInteger(NEVER);

    /// @param port of the server on this machine
    CutConnectionProxy(int port) throws IOException {
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.port = port;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /// Ends the connection instead of passing on the answer after `answers` more of them.
    void cutAfter(int answers) {
        answersLeft.set(answers);
    }

    void passOn() {
        answersLeft.set(NEVER);
    }

    private void accept() {
        try {
            while (!door.isClosed()) {
                var client = door.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), port);
                Thread.ofVirtual().start(() -> copy(client, server, false));
                Thread.ofVirtual().start(() -> copy(server, client, true));
            }
        } catch (IOException e) {
            if (!door.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void copy(Socket from, Socket to, boolean isAnswer) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            var bytes = new byte[1 << 16];
            for (var read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (isAnswer && isCut()) {
                    return;
                }
                to.getOutputStream().write(bytes, 0, read);
            }
        } catch (IOException e) {
            // either side has ended the connection
            return;
        }
    }

    private boolean isCut() {
        return answersLeft.updateAndGet(left -> left == NEVER ? NEVER : left - 1) != NEVER && answersLeft.get() < 0;
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
