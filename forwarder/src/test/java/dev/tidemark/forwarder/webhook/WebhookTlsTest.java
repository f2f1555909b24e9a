package dev.tidemark.forwarder.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.tidemark.authservers.CertificateGenerator;
import dev.tidemark.authservers.StubProxy;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.targets.DeliveryResult.Status;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.EgressPolicy;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.http.TlsContextSource;
import dev.tidemark.http.UserAgent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Tests a webhook's own authority, client certificate and proxy against a receiver that requires mutual TLS.
@TestInstance(Lifecycle.PER_CLASS)
final class WebhookTlsTest {
    private static final EgressConfig LOOPBACK = new EgressConfig(false, List.of("127.0.0.0/8", "::1"));

    @TempDir
    static Path folder;

    private final List<String> userAgents = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private HttpsServer receiver;

    @SuppressWarnings("NullAway.Init")
    private Path server;

    @SuppressWarnings("NullAway.Init")
    private Path client;

    @SuppressWarnings("NullAway.Init")
    private Path serverTrust;

    @BeforeAll
    void start() throws IOException, GeneralSecurityException {
        var keytool = new CertificateGenerator(folder);
        server = keytool.pair("receiver", "pkcs12");
        client = keytool.pair("tidemark", "pkcs12");
        serverTrust = keytool.trust(keytool.pem(server), "pkcs12");
        var clientTrust = keytool.trust(keytool.pem(client), "pkcs12");
        receiver = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setHttpsConfigurator(new HttpsConfigurator(context(Optional.of(server), Optional.of(clientTrust))) {
            @Override
            public void configure(HttpsParameters parameters) {
                var tls = getSSLContext().getDefaultSSLParameters();
                tls.setNeedClientAuth(true);
                parameters.setSSLParameters(tls);
            }
        });
        receiver.createContext("/", exchange -> {
            userAgents.add(String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent")));
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterAll
    void stop() {
        receiver.stop(0);
    }

    private DeliveryResult post(Optional<TlsContextSource> tls, Optional<ProxyConfig> proxy, EgressConfig egress) {
        var url = URI.create("https://localhost:" + receiver.getAddress().getPort() + "/hook");
        var secrets = List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        var config = new WebhookConfig(url, secrets, Optional.empty(), Map.of(), Duration.ofSeconds(30), tls, proxy);
        try (var webhook = WebhookClient.open(config, new EgressPolicy(egress, InetAddress::getAllByName), 2)) {
            return webhook.post(Map.of("webhook-id", "evt_1"), "{}".getBytes(UTF_8));
        }
    }

    @Test
    void an_authority_and_a_client_certificate_of_the_sink_open_the_receiver() {
        var tls = source(Optional.of(client), Optional.of(serverTrust));

        assertThat(post(Optional.of(tls), Optional.empty(), LOOPBACK)).isEqualTo(new Status(204, Optional.empty()));
        assertThat(userAgents).isNotEmpty().containsOnly(UserAgent.text());
    }

    @Test
    void without_the_authority_the_receiver_is_not_trusted() {
        assertThat(post(Optional.empty(), Optional.empty(), LOOPBACK))
                .isInstanceOfSatisfying(
                        NoAnswer.class,
                        failure ->
                                assertThat(failure.why()).contains("authority that is not trusted", "tls.trust-store"));
    }

    @Test
    void without_a_client_certificate_the_receiver_refuses() {
        var tls = source(Optional.empty(), Optional.of(serverTrust));

        assertThat(post(Optional.of(tls), Optional.empty(), LOOPBACK)).isInstanceOf(NoAnswer.class);
    }

    @Test
    void a_proxy_of_the_sink_is_used_instead_of_the_proxy_of_egress() throws IOException {
        var tls = source(Optional.of(client), Optional.of(serverTrust));
        try (var general = new StubProxy();
                var own = new StubProxy()) {
            var egress = new EgressConfig(false, LOOPBACK.allow(), Optional.of(proxy(general)));

            assertThat(post(Optional.of(tls), Optional.of(proxy(own)), egress))
                    .isEqualTo(new Status(204, Optional.empty()));
            assertThat(own.requests).hasSize(1).first().asString().startsWith("CONNECT localhost:");
            assertThat(general.requests).isEmpty();

            assertThat(post(Optional.of(tls), Optional.empty(), egress)).isEqualTo(new Status(204, Optional.empty()));
            assertThat(general.requests).hasSize(1);
        }
    }

    @Test
    void a_proxy_of_the_sink_does_not_open_forbidden_addresses() throws IOException {
        try (var own = new StubProxy()) {
            assertThat(post(Optional.empty(), Optional.of(proxy(own)), EgressConfig.standard()))
                    .isInstanceOf(DeliveryResult.AddressRefused.class);
            assertThat(own.requests).isEmpty();
        }
    }

    private static ProxyConfig proxy(StubProxy proxy) {
        return ProxyConfig.of("http://127.0.0.1:" + proxy.port());
    }

    private static TlsContextSource source(Optional<Path> identity, Optional<Path> trust) {
        return () -> {
            try {
                return context(identity, trust);
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static SSLContext context(Optional<Path> identity, Optional<Path> trust)
            throws IOException, GeneralSecurityException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(identity.isPresent() ? store(identity.get()) : null, CertificateGenerator.PASSWORD.toCharArray());
        var authorities = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        authorities.init(trust.isPresent() ? store(trust.get()) : null);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), authorities.getTrustManagers(), null);
        return context;
    }

    private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, CertificateGenerator.PASSWORD.toCharArray());
        }
        return store;
    }
}
