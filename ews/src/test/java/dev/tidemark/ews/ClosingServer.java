package dev.tidemark.ews;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// HTTP server on loopback that closes its connections by a script, without an announcement.
public final class ClosingServer implements AutoCloseable {
    /// Reaction to a request that was read completely.
    public enum Ending {
        ANSWER,
        ANSWER_AND_CLOSE,
        ANSWER_THEN_TIMEOUT_RESPONSE,
        CLOSE,
        RESET,
        BEGIN_AND_CLOSE,
        SILENCE
    }

    public interface Script {
        Ending endingOf(Request request);
    }

    /// Request by its number on its connection, both from 1.
    public record Request(int connection, int number, String head, String body) {}

    private final ServerSocket server;
    private final String answer;
    private final Script script;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();

    public ClosingServer(String answer, Script script) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), answer, script);
    }

    public ClosingServer(ServerSocket server, String answer, Script script) {
        this.server = server;
        this.answer = answer;
        this.script = script;
        Thread.ofVirtual().name("closing-server").start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /// Returns every request so far, as `connection.number`.
    public List<String> seen() {
        return requests.stream()
                .map(request -> request.connection() + "." + request.number())
                .toList();
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    private void accept() {
        try {
            while (true) {
                var client = server.accept();
                open.add(client);
                var connection = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(client, connection));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket client, int connection) {
        try (client) {
            var in = client.getInputStream();
            for (var number = 1; ; number++) {
                var head = head(in);
                if (head.isEmpty()) {
                    return;
                }
                var body = new String(in.readNBytes(length(head)), StandardCharsets.UTF_8);
                var request = new Request(connection, number, head, body);
                var ending = script.endingOf(request);
                requests.add(request);
                if (!goesOn(client, ending)) {
                    return;
                }
            }
        } catch (IOException ended) {
            // closed by the client
        } finally {
            open.remove(client);
        }
    }

    private boolean goesOn(Socket client, Ending ending) throws IOException {
        switch (ending) {
            case ANSWER, ANSWER_AND_CLOSE -> write(client, whole());
            case ANSWER_THEN_TIMEOUT_RESPONSE ->
                write(
                        client,
                        whole() + "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            case BEGIN_AND_CLOSE -> write(client, "H");
            case RESET -> client.setSoLinger(true, 0);
            case SILENCE -> client.getInputStream().read();
            case CLOSE -> {}
        }
        return ending == Ending.ANSWER;
    }

    private String whole() {
        return "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: "
                + answer.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + answer;
    }

    private static void write(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        for (var next = in.read(); next >= 0; next = in.read()) {
            head.append((char) next);
            if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                return head.toString();
            }
        }
        return "";
    }

    private static int length(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var each : open) {
            each.close();
        }
    }
}
