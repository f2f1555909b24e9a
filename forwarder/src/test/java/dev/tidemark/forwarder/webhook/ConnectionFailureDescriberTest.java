package dev.tidemark.forwarder.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;

final class ConnectionFailureDescriberTest {
    private static final Map<IOException, String> DESCRIPTIONS = Map.ofEntries(
            Map.entry(
                    new UnknownHostException("crm"),
                    "no name server resolves the host of crm:9; correct the sink's url, or the name server"),
            Map.entry(
                    because(
                            new ConnectException("Connect to http://crm:9 [crm/127.0.0.1] failed: Connection refused"),
                            new ConnectException("Connection refused")),
                    "crm:9 refuses connections; start the receiver, or correct the sink's url"),
            Map.entry(
                    because(
                            new ConnectException("Connect to http://crm:9 failed: Network is unreachable"),
                            new ConnectException("Network is unreachable")),
                    "crm:9 cannot be reached: Network is unreachable"),
            Map.entry(
                    new NoRouteToHostException("No route to host"),
                    "crm:9 cannot be reached: no route leads there from this machine"),
            Map.entry(new SocketException("Connection reset"), "crm:9 closed the connection before it responded"),
            Map.entry(new InterruptedIOException("Request aborted"), "the request to crm:9 was aborted"),
            Map.entry(
                    because(new SSLHandshakeException("PKIX path"), new CertPathBuilderException("unable to find")),
                    "the certificate of crm:9 comes from an authority that is not trusted; name a file with the"
                            + " authority's certificate in the sink's tls.trust-store"),
            Map.entry(
                    because(new SSLHandshakeException("PKIX path"), new CertificateExpiredException()),
                    "the certificate of crm:9 has expired; renew it there"),
            Map.entry(
                    new SSLPeerUnverifiedException("subject alternative names"),
                    "the certificate of crm:9 is for other names; correct it, or the sink's url"),
            Map.entry(
                    new SSLException("Unsupported or unrecognized SSL message"),
                    "crm:9 does not speak TLS; write http in the sink's url, or set up TLS there"),
            Map.entry(
                    new SSLHandshakeException("Received fatal alert: handshake_failure"),
                    "TLS with crm:9 failed: Received fatal alert: handshake_failure"),
            Map.entry(new IOException("crm:9 failed to respond"), "crm:9 sent no response: crm:9 failed to respond"),
            Map.entry(new IOException(), "crm:9 sent no response"));

    @Test
    void behind_a_proxy_a_missing_connection_is_its_failure_and_not_the_receivers() {
        assertThat(behindProxy(new ConnectException("Connection refused")))
                .isEqualTo("the proxy gate:3128 refuses connections; start it, or correct the proxy of the sink or of"
                        + " egress");
        assertThat(behindProxy(new ConnectException("Network is unreachable")))
                .startsWith("the proxy gate:3128 cannot be reached: Network is unreachable; ");
        assertThat(behindProxy(new UnknownHostException("gate")))
                .startsWith("no name server resolves the host of the proxy gate:3128; ");
        assertThat(behindProxy(new NoRouteToHostException("No route to host")))
                .startsWith("the proxy gate:3128 cannot be reached: no route leads there");
        assertThat(behindProxy(new SSLPeerUnverifiedException("subject alternative names")))
                .startsWith("the certificate of crm:9 is for other names");
    }

    private static String behindProxy(IOException failure) {
        return ConnectionFailureDescriber.textBehind("gate:3128", "crm:9", failure);
    }

    @Test
    void each_failure_has_words_and_a_mend_where_there_is_one() {
        DESCRIPTIONS.forEach((failure, description) -> assertThat(ConnectionFailureDescriber.text("crm:9", failure))
                .as("%s", failure)
                .isEqualTo(description));
    }

    @Test
    void no_name_of_a_class_is_among_them() {
        assertThat(List.copyOf(DESCRIPTIONS.values())).noneMatch(description -> description.contains("Exception"));
    }

    private static IOException because(IOException failure, Exception cause) {
        failure.initCause(cause);
        return failure;
    }
}
