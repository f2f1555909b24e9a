package dev.tidemark.store.postgresql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// Passes connections on to a server, and ends one instead of passing on the answer to a given statement.
final class CutConnectionProxy implements AutoCloseable {
    private final ServerSocket door;
    private final int port;
    private volatile Optional<String> wanted = Optional.empty();

    /// @param port of the server on this machine
    CutConnectionProxy(int port) throws IOException {
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.port = port;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /// Ends the next connection that sends `statement`, once the server has answered it.
    void cutAnswerTo(String statement) {
        wanted = Optional.of(statement);
    }

    private void accept() {
        try {
            while (!door.isClosed()) {
                var client = door.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), port);
                var isCut = new AtomicBoolean();
                Thread.ofVirtual().start(() -> copyRequests(client, server, isCut));
                Thread.ofVirtual().start(() -> copyAnswers(server, client, isCut));
            }
        } catch (IOException e) {
            if (!door.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void copyRequests(Socket from, Socket to, AtomicBoolean isCut) {
        copy(from, to, text -> {
            if (wanted.filter(text::contains).isPresent()) {
                wanted = Optional.empty();
                isCut.set(true);
            }
            return true;
        });
    }

    private static void copyAnswers(Socket from, Socket to, AtomicBoolean isCut) {
        copy(from, to, ignored -> !isCut.get());
    }

    /// Decides whether bytes are passed on.
    @FunctionalInterface
    private interface BytesFilter {
        boolean passes(String text);
    }

    private static void copy(Socket from, Socket to, BytesFilter filter) {
        try (from;
                to) {
            var bytes = new byte[1 << 16];
            for (var read = from.getInputStream().read(bytes);
                    read >= 0;
                    read = from.getInputStream().read(bytes)) {
                if (!filter.passes(new String(bytes, 0, read, StandardCharsets.ISO_8859_1))) {
                    return;
                }
                to.getOutputStream().write(bytes, 0, read);
            }
        } catch (IOException e) {
            // either side has ended the connection
            return;
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
