package dev.tidemark.endtoend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Sends HTTP/1.1 byte by byte, for requests that no client would send.
final class RawHttp {
    private static final Duration MAX_WAIT = Duration.ofMinutes(1);

    /// Response; `head` holds the status line and the headers.
    record Answer(String head, String body) {
        int status() {
            return Integer.parseInt(head.split(" ", 3)[1]);
        }
    }

    private RawHttp() {}

    static Answer post(URI url, String contentType, String body) throws IOException {
        var length = body.getBytes(StandardCharsets.UTF_8).length;
        return send("POST", url, "Content-Type: " + contentType + "\r\nContent-Length: " + length + "\r\n", body);
    }

    /// Sends the head and the body unchanged, and reads until the connection ends.
    static Answer send(String method, URI url, String headers, String body) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            socket.setSoTimeout((int) MAX_WAIT.toMillis());
            var head = method + " " + url.getRawPath() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                    + "\r\nConnection: close\r\n" + headers + "\r\n";
            var received = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
                socket.getInputStream().transferTo(received);
            } catch (IOException cut) {
                // a server that stops reading may reset the connection; earlier data still counts
                if (received.size() == 0) {
                    throw cut;
                }
            }
            return parse(received.toString(StandardCharsets.UTF_8));
        }
    }

    /// Returns a chunked body, without a length in advance.
    static String chunked(int chunks, int size) {
        var chunk = Integer.toHexString(size) + "\r\n" + " ".repeat(size) + "\r\n";
        return chunk.repeat(chunks) + "0\r\n\r\n";
    }

    private static Answer parse(String text) throws IOException {
        var end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IOException("not an HTTP answer: '" + text + "'");
        }
        return new Answer(text.substring(0, end), text.substring(end + 4));
    }
}
