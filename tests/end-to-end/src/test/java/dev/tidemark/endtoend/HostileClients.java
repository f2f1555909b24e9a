package dev.tidemark.endtoend;

import dev.tidemark.endtoend.HostileCrowd.HostileClient;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Kinds and numbers of hostile clients, and what they attack.
///
/// @param leaked callback path of a mailbox, as a proxy's log may show it
/// @param authorization header of a reader of the admin API
/// @param slow clients that trickle their heads
/// @param others clients of each other kind
/// @param forged requests with a forged token per second
/// @param pause time until a client attacks again after its connection ended
record HostileClients(
        int listenerPort,
        String leaked,
        int adminPort,
        String authorization,
        int slow,
        int others,
        int forged,
        Duration pause) {
    private static final int FORGERS = 20;
    private static final int BATCH = 50;

    /// Reads the arguments that [#arguments] wrote.
    static HostileClients parse(String... arguments) {
        return new HostileClients(
                Integer.parseInt(arguments[0]),
                arguments[1],
                Integer.parseInt(arguments[2]),
                arguments[3],
                Integer.parseInt(arguments[4]),
                Integer.parseInt(arguments[5]),
                Integer.parseInt(arguments[6]),
                Duration.parse(arguments[7]));
    }

    List<String> arguments() {
        return List.of(
                "" + listenerPort,
                leaked,
                "" + adminPort,
                authorization,
                "" + slow,
                "" + others,
                "" + forged,
                "" + pause);
    }

    void attack(HostileCrowd crowd) {
        attackListener(crowd);
        attackAdmin(crowd);
    }

    private void attackListener(HostileCrowd crowd) {
        var port = listenerPort;
        var forgedPath = leaked.substring(0, leaked.length() - 46) + "A".repeat(46);
        crowd.overTls("slow-head", slow, port, client -> {
            client.send("POST " + leaked + " HTTP/1.1\r\nHost: x\r\nX: ");
            client.trickle();
        });
        crowd.overTls("slow-body", others, port, client -> {
            client.send(HostileBodies.head(leaked, "Content-Length: 100000"));
            client.trickle();
        });
        // the first bytes of a ClientHello
        crowd.overTcp("half-open-tls", others, port, client -> {
            client.send("\u0016\u0003\u0001\u0002\u0000\u0001");
            client.drain();
        });
        crowd.overTls("header-flood", 3 * others, port, client -> {
            client.send("POST " + leaked + " HTTP/1.1\r\nHost: x\r\n" + "a:b\r\n".repeat(6_000));
            client.drain();
            client.pause(Duration.ofSeconds(2));
        });
        crowd.overTls("huge-body", others, port, client -> HostileBodies.sendGigabyte(client, leaked));
        crowd.overTls("huge-forged-body", others, port, client -> HostileBodies.sendGigabyte(client, forgedPath));
        crowd.overTls("xml-bomb", others, port, client -> HostileBodies.sendBombs(client, leaked));
        crowd.overTls("forged-token", FORGERS, port, client -> forge(client, forgedPath));
    }

    /// Sends requests in batches, each after the responses to the one before, and catches up after slow responses.
    private void forge(HostileClient client, String path) throws IOException, InterruptedException {
        var request = "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 0\r\n\r\n";
        var interval = 1_000_000_000L * BATCH * FORGERS / forged;
        client.send(request);
        var length = responseLength(client);
        for (var due = System.nanoTime(); !client.pauseUntil(due); due += interval) {
            client.send(request.repeat(BATCH));
            client.skip((long) BATCH * length);
        }
    }

    /// Reads one response without a body; returns its length.
    private static int responseLength(HostileClient client) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            var next = client.socket().getInputStream().readNBytes(1);
            if (next.length == 0) {
                throw new EOFException("closed within a response");
            }
            head.append((char) next[0]);
        }
        if (!head.toString().startsWith("HTTP/1.1 404 ")) {
            throw new IOException("A forged token got " + head);
        }
        return head.length();
    }

    private void attackAdmin(HostileCrowd crowd) {
        for (var path : List.of("/api/v1/events/stream", "/api/v1/events?limit=1000", "/metrics")) {
            crowd.overTcp(
                    "deaf-reader " + path,
                    others / 2,
                    adminPort,
                    client -> client.ignoreResponses("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + adminPort
                            + "\r\nAuthorization: " + authorization + "\r\n\r\n"));
        }
    }
}
