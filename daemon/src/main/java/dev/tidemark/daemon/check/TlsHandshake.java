package dev.tidemark.daemon.check;

import dev.tidemark.ews.config.EwsTlsConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Connects to one address of a server and completes a TLS handshake, without a request. Has no state.
final class TlsHandshake {
    private TlsHandshake() {}

    /// Opens and closes a TCP connection.
    static void connect(InetAddress address, int port, Duration timeout) throws IOException {
        open(address, port, timeout).close();
    }

    /// Completes a handshake as requests do: with the trust store, the client certificate and the name of the
    /// host.
    ///
    /// @return the certificate of the server
    static ServerCertificate trusted(EwsTlsConfig tls, InetAddress address, String host, int port, Duration timeout)
            throws IOException {
        return certificate(tls.context().getSocketFactory(), true, address, host, port, timeout)
                .orElseThrow(() -> new IOException("the server shows no certificate"));
    }

    /// Returns the certificate that a server shows, trusted or not. Sends nothing over the connection.
    static Optional<ServerCertificate> shown(InetAddress address, String host, int port, Duration timeout) {
        try {
            return certificate(accepting().getSocketFactory(), false, address, host, port, timeout);
        } catch (IOException | GeneralSecurityException unreadable) {
            return Optional.empty();
        }
    }

    /// Returns a context that accepts every certificate.
    static SSLContext accepting() throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AcceptingTrustManager()}, null);
        return context;
    }

    private static Optional<ServerCertificate> certificate(
            SSLSocketFactory factory, boolean checkName, InetAddress address, String host, int port, Duration timeout)
            throws IOException {
        try (var plain = open(address, port, timeout);
                var socket = (SSLSocket) factory.createSocket(plain, host, port, true)) {
            if (checkName) {
                var parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            socket.startHandshake();
            return Stream.of(socket.getSession().getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .map(ServerCertificate::of)
                    .findFirst();
        }
    }

    /// Opens a TCP connection; the timeout also limits each wait for bytes. The caller closes it.
    static Socket open(InetAddress address, int port, Duration timeout) throws IOException {
        var socket = new Socket();
        try {
            var millis = Math.toIntExact(timeout.toMillis());
            socket.connect(new InetSocketAddress(address, port), millis);
            socket.setSoTimeout(millis);
            return socket;
        } catch (IOException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }

    /// Accepts every certificate, to describe one that is not trusted, or to reach the own listener. No request to
    /// another host uses it.
    private static final class AcceptingTrustManager implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
