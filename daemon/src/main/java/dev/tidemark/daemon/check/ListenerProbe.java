package dev.tidemark.daemon.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;

/// Requests the health path of this process's own listener, as a load balancer does. Any response counts, because a
/// listener that stops also responds. Called by the watchdog; has no state.
///
/// @param host address on which the listener listens
/// @param isTls whether the listener uses TLS; the certificate is not checked, because the address is its own
/// @param timeout limit for the connection and for each wait for bytes
public record ListenerProbe(String host, int port, boolean isTls, String healthPath, Duration timeout) {
    private static final String PROTOCOL = "HTTP/";

    /// Returns whether the listener responds in time.
    public boolean responds() {
        try (var plain = TlsHandshake.open(address(), port, timeout);
                var socket = isTls ? secured(plain) : plain) {
            var request = "GET " + healthPath + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var start = socket.getInputStream().readNBytes(PROTOCOL.length());
            return new String(start, StandardCharsets.US_ASCII).equals(PROTOCOL);
        } catch (IOException | GeneralSecurityException unanswered) {
            return false;
        }
    }

    private Socket secured(Socket plain) throws IOException, GeneralSecurityException {
        return TlsHandshake.accepting().getSocketFactory().createSocket(plain, host, port, true);
    }

    /// Returns the address to connect to; a listener on all addresses is reached on loopback.
    private InetAddress address() throws IOException {
        var bound = InetAddress.getByName(host);
        return bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound;
    }
}
