package dev.tidemark.authservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Small HTTP proxy on loopback. It tunnels CONNECT and forwards other requests, one per connection. It
/// requires `Proxy-Authorization` if `wanted` is set, and refuses all requests if `refusal` is a status.
public final class StubProxy implements AutoCloseable {
    public final List<String> requests = new CopyOnWriteArrayList<>();
    public volatile Optional<String> wanted = Optional.empty();
    public volatile Optional<Integer> refusal = Optional.empty();

    private final ServerSocket socket;
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    public StubProxy() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("stub-proxy").start(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (var each : open) {
            each.close();
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            var head = head(client.getInputStream());
            requests.add(head.lines().findFirst().orElse(""));
            var admitted = wanted.map(login -> head.contains("\r\nProxy-Authorization: " + login + "\r\n"))
                    .orElse(true);
            if (!admitted) {
                writeStatus(client, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"stub\"");
            } else if (refusal.isPresent()) {
                writeStatus(client, refusal.get() + " No");
            } else if (head.startsWith("CONNECT ")) {
                tunnel(client, target(head));
            } else {
                forward(client, head);
            }
        } catch (IOException gone) {
            // some tests disconnect in the middle
            close(client);
        }
    }

    private static void writeStatus(Socket client, String status) throws IOException {
        write(client, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        client.shutdownOutput();
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private void tunnel(Socket client, String target) throws IOException {
        var colon = target.lastIndexOf(':');
        var host = target.substring(0, colon).replaceFirst("\\.$", "");
        try (var server = new Socket(host, Integer.parseInt(target.substring(colon + 1)))) {
            open.add(server);
            write(client, "HTTP/1.1 200 Connected\r\n\r\n");
            var back = Thread.ofVirtual().start(() -> pump(server, client));
            pump(client, server);
            back.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void forward(Socket client, String head) throws IOException {
        var target = URI.create(target(head));
        try (var server = new Socket(target.getHost(), target.getPort())) {
            open.add(server);
            write(server, head.replaceFirst("http://[^/]+", ""));
            var back = Thread.ofVirtual().start(() -> pump(server, client));
            pump(client, server);
            back.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Copies until either side ends, then closes both.
    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException ended) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the text between the first two blanks.
    private static String target(String head) {
        var from = head.indexOf(' ') + 1;
        return head.substring(from, head.indexOf(' ', from));
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            var next = in.read();
            if (next < 0) {
                throw new IOException("The client disconnected.");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void write(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        to.getOutputStream().flush();
    }
}
