package dev.tidemark.endtoend;

import dev.tidemark.endtoend.HostileCrowd.HostileClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Sends requests whose bodies are endless or malicious.
final class HostileBodies {
    private HostileBodies() {}

    static void sendGigabyte(HostileClient client, String path) throws IOException, InterruptedException {
        client.send(head(path, "Transfer-Encoding: chunked"));
        var chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        // the pauses leave a processor to the other clients, which share this one
        for (var sent = 0L; sent < 1L << 30 && !client.pause(Duration.ofMillis(5)); sent += 0x10000) {
            client.send(chunk);
        }
    }

    static void sendBombs(HostileClient client, String path) throws IOException {
        var entities = "<!DOCTYPE l [<!ENTITY a \"ha\">" + entity("a", "b") + entity("b", "c") + entity("c", "d")
                + "]><l>&d;</l>";
        for (var bomb : List.of(entities, "<a>".repeat(100_000), "<a " + "b='' ".repeat(50_000) + "/>")) {
            client.send(head(path, "Content-Length: " + bomb.length()) + bomb);
        }
        client.drain();
    }

    private static String entity(String from, String to) {
        return "<!ENTITY " + to + " \"" + ("&" + from + ";").repeat(100) + "\">";
    }

    static String head(String path, String length) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n" + length + "\r\n\r\n";
    }
}
