package dev.tidemark.simulator;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.Executors;

/// Listener in a process of its own that acknowledges everything, so that its work is not counted. Prints its port.
final class AcknowledgingListener {
    private static final String ANSWER = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
            + "<SendNotificationResult xmlns=\"http://schemas.microsoft.com/exchange/services/2006/messages\">"
            + "<SubscriptionStatus>OK</SubscriptionStatus></SendNotificationResult></s:Body></s:Envelope>";
    private static final byte[] RESPONSE =
            ("HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: " + ANSWER.length()
                            + "\r\n\r\n" + ANSWER)
                    .getBytes(StandardCharsets.US_ASCII);

    private AcknowledgingListener() {}

    public static void main(String[] arguments) throws IOException {
        try (var server = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
                var threads = Executors.newCachedThreadPool()) {
            System.out.println(server.getLocalPort());
            while (true) {
                var socket = server.accept();
                threads.execute(() -> serve(socket));
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                in.readNBytes(length(in));
                socket.getOutputStream().write(RESPONSE);
            }
        } catch (EOFException end) {
            // the simulator has closed the connection
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int length(InputStream in) throws IOException {
        var length = 0;
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        return length;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.append((char) next);
        }
        return line.toString().strip().toLowerCase(Locale.ROOT);
    }
}
