package dev.tidemark.simulator.callback;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// HTTP/1.1 connection for callbacks. It sends exactly the headers of a captured callback, which no HTTP client
/// does. Not thread-safe.
final class CallbackConnection implements AutoCloseable {
    /// Status, media type and body of a response. `keep` is true if the connection can serve another request.
    record CallbackReply(int status, String contentType, String body, boolean keep) {}

    private static final int MAX_BODY = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private int posts;

    private CallbackConnection(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream(), 2048);
    }

    static CallbackConnection open(URI url, Optional<InetAddress> from, Duration timeout) throws IOException {
        var tls = "https".equalsIgnoreCase(url.getScheme());
        var port = url.getPort() > 0 ? url.getPort() : tls ? 443 : 80;
        var plain = new Socket();
        try {
            if (from.isPresent()) {
                plain.bind(new InetSocketAddress(from.get(), 0));
            }
            plain.setSoTimeout(Math.toIntExact(timeout.toMillis()));
            plain.setTcpNoDelay(true);
            plain.connect(new InetSocketAddress(url.getHost(), port), Math.toIntExact(timeout.toMillis()));
            return new CallbackConnection(tls ? secured(plain, url.getHost(), port) : plain);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket secured(Socket plain, String host, int port) throws IOException {
        var socket =
                (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, host, port, true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /// Sends a request and waits for its response.
    CallbackReply post(URI url, String action, String document) throws IOException {
        posts++;
        socket.getOutputStream().write(request(url, action, document));
        socket.getOutputStream().flush();
        return reply();
    }

    /// Returns the number of requests so far.
    int posts() {
        return posts;
    }

    private static byte[] request(URI url, String action, String document) {
        var body = document.getBytes(StandardCharsets.UTF_8);
        var path = Optional.ofNullable(url.getRawPath())
                .filter(text -> !text.isEmpty())
                .orElse("/");
        var query =
                Optional.ofNullable(url.getRawQuery()).map(text -> "?" + text).orElse("");
        var head = "POST " + path + query + " HTTP/1.1\r\nAccept: text/xml\r\nContent-Type: text/xml; charset=utf-8\r\n"
                + "SOAPAction: " + action + "\r\nHost: " + url.getRawAuthority().replaceFirst(".*@", "")
                + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        var request = new ByteArrayOutputStream(head.length() + body.length);
        request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        return request.toByteArray();
    }

    /// Sends the first half of a request, whose head declares the whole.
    void postHalf(URI url, String action, String document) throws IOException {
        var request = request(url, action, document);
        socket.getOutputStream().write(request, 0, request.length - document.length() / 2);
        socket.getOutputStream().flush();
    }

    private CallbackReply reply() throws IOException {
        var status = line();
        var headers = headers();
        while (code(status) / 100 == 1) {
            status = line();
            headers = headers();
        }
        var length = headers.get("content-length");
        var chunked = headers.getOrDefault("transfer-encoding", "")
                .toLowerCase(Locale.ROOT)
                .contains("chunked");
        var bounded = chunked || length != null || code(status) == 204;
        var keep = bounded
                && status.startsWith("HTTP/1.1")
                && !headers.getOrDefault("connection", "").equalsIgnoreCase("close");
        var body = chunked ? chunks() : length != null ? exactly(number(length, 10)) : bounded ? new byte[0] : rest();
        return new CallbackReply(
                code(status), headers.getOrDefault("content-type", ""), new String(body, StandardCharsets.UTF_8), keep);
    }

    private static int code(String status) throws IOException {
        var parts = status.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.")) {
            throw new IOException("The response starts with '" + status + "', which is no HTTP status line");
        }
        return number(parts[1], 10);
    }

    private static int number(String text, int radix) throws IOException {
        try {
            var number = Integer.parseInt(text.strip(), radix);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IOException("The response has '" + text + "' instead of a number", e);
        }
        throw new IOException("The response has the negative number " + text);
    }

    private Map<String, String> headers() throws IOException {
        var found = new HashMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var colon = line.indexOf(':');
            if (colon > 0) {
                found.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return found;
    }

    private String line() throws IOException {
        var text = new StringBuilder();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || text.length() > MAX_BODY) {
                throw new EOFException("The connection ended inside the head of a response");
            }
            text.append((char) next);
        }
        return text.toString().stripTrailing();
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (var size = chunkSize(); size > 0; size = chunkSize()) {
            if (body.size() + size > MAX_BODY) {
                throw new IOException("The response is longer than " + MAX_BODY + " bytes");
            }
            body.writeBytes(exactly(size));
            line();
        }
        headers();
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        return number(line().replaceFirst(";.*", ""), 16);
    }

    private byte[] exactly(int length) throws IOException {
        var body = in.readNBytes(Math.min(length, MAX_BODY));
        if (body.length < length) {
            throw new EOFException("The response ended after " + body.length + " of " + length + " bytes");
        }
        return body;
    }

    private byte[] rest() throws IOException {
        return in.readNBytes(MAX_BODY);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
