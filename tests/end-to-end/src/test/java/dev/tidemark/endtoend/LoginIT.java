package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.authservers.CertificateGenerator;
import dev.tidemark.authservers.GuardedServer;
import dev.tidemark.authservers.NtlmGuard;
import dev.tidemark.authservers.RequestGuard;
import dev.tidemark.authservers.SpnegoGuard;
import dev.tidemark.authservers.StubProxy;
import dev.tidemark.authservers.StubTokenEndpoint;
import dev.tidemark.authservers.TestKdc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Checks each login that takes more than a header, against servers that share no code with the daemon. A wrong
/// secret must be reported as such.
final class LoginIT {
    private static final String ADA = "ada@example.com";
    private static final String CONNECTION = "connection";
    private static final String KRB5 = "java.security.krb5.conf";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private EndToEndScene scene;

    @BeforeEach
    void open() {
        scene = EndToEndScene.in(folder, ADA);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void by_basic() {
        try (var door = door(RequestGuard.basic("svc", "sesame"))) {
            logIn("{ type: basic, username: svc, password: sesame }");
            assertThat(door.seen()).allMatch(GuardedServer.Seen::authorization);
            // metrics show the connections in use
            assertThat(scene.admin().request("/metrics").body())
                    .contains(
                            "tidemark_connection_requests_total{connection=\"lab\",priority=\"subscribe\"} 1.0",
                            "tidemark_connection_waiting{connection=\"lab\",priority=\"compensation\"} 0.0",
                            "tidemark_connection_allowed{connection=\"lab\"} 8.0",
                            "tidemark_connection_limit_requests_per_second{connection=\"lab\"} 20.0",
                            "tidemark_connection_backoff_seconds{connection=\"lab\"} 0.0",
                            "tidemark_connection_mailboxes_held_back{connection=\"lab\"} 0.0");
        }
    }

    @Test
    void by_ntlm() {
        var guard = new NtlmGuard();
        try (var door = door(guard)) {
            logIn("{ type: ntlm, username: 'EXAMPLE\\svc', password: " + NtlmGuard.PASSWORD + " }");
            // one handshake per connection: further requests on it need none
            scene.admin().post("/api/v1/mailboxes/" + ADA + "/resubscribe?reason=again");
            EndToEndScene.await("a request without a handshake")
                    .until(() -> door.seen().stream().anyMatch(seen -> !seen.authorization()));
            assertThat(guard.verdict).isEmpty();
        }
    }

    @Test
    void by_ntlm_with_a_wrong_password() {
        try (var door = door(new NtlmGuard())) {
            assertThat(refusal("{ type: ntlm, username: 'EXAMPLE\\svc', password: wrong }"))
                    .contains("complete NTLM handshake", "Extended Protection", "terminates TLS");
            // once, because directories lock accounts
            assertThat(door.seen()).hasSize(2);
        }
    }

    @Test
    void by_kerberos() throws IOException {
        try (var kdc = kdc()) {
            var guard = new SpnegoGuard(kdc.serviceKeytab);
            try (var door = door(guard)) {
                logIn("{ type: kerberos, principal: " + TestKdc.USER + ", keytab: " + kdc.userKeytab + ", krb5-conf: "
                        + kdc.configuration + " }");
                assertThat(door.seen()).isNotEmpty();
                assertThat(guard.accepted).isNotEmpty().containsOnly(TestKdc.USER);
            }
        } finally {
            System.clearProperty(KRB5);
        }
    }

    @Test
    void by_kerberos_with_a_wrong_password() throws IOException {
        try (var kdc = kdc();
                var door = door(new SpnegoGuard(kdc.serviceKeytab))) {
            assertThat(refusal("{ type: kerberos, principal: " + TestKdc.USER + ", password: wrong, krb5-conf: "
                            + kdc.configuration + " }"))
                    .contains("The KDC refuses the secret of " + TestKdc.USER);
            assertThat(door.seen()).isEmpty();
        } finally {
            System.clearProperty(KRB5);
        }
    }

    @Test
    void by_oauth2_with_a_certificate_through_a_tunnel() throws Exception {
        var keytool = new CertificateGenerator(folder);
        var signer = keytool.rsaPair("signer");
        try (var authority = throughTunnel(keytool);
                var proxy = proxy();
                var door = secureDoor(authority)) {
            authority.certificate = Optional.of(certificate(signer));
            scene.with(CONNECTION, "proxy", "http://gate:sesame@127.0.0.1:" + proxy.port());
            logIn("{ type: oauth2, token-url: '" + authority.url() + "', client-id: " + StubTokenEndpoint.CLIENT
                    + ", certificate: " + signer + ", certificate-password: " + CertificateGenerator.PASSWORD
                    + ", scope: '"
                    + StubTokenEndpoint.SCOPE + "' }");
            assertThat(authority.forms).hasSize(1);
            assertThat(proxy.requests)
                    .contains(
                            "CONNECT localhost:" + door.url().getPort() + " HTTP/1.1",
                            "CONNECT localhost:" + authority.url().getPort() + " HTTP/1.1")
                    .allMatch(line -> line.startsWith("CONNECT "));
        }
    }

    @Test
    void by_oauth2_with_a_wrong_secret() throws Exception {
        try (var authority = throughTunnel(new CertificateGenerator(folder));
                var door = secureDoor(authority)) {
            assertThat(refusal("{ type: oauth2, token-url: '" + authority.url() + "', client-id: "
                            + StubTokenEndpoint.CLIENT + ", client-secret: wrong, scope: '" + StubTokenEndpoint.SCOPE
                            + "' }"))
                    .contains("wrong secret");
            assertThat(door.seen()).isEmpty();
        }
    }

    /// Checks everything from the subscription to a mail at the webhook.
    private void logIn(String auth) {
        scene.with(CONNECTION, "auth", auth);
        scene.startSubscribed();
        scene.mailbox(ADA).deliver("through the door");
        scene.awaitAllReceived();
        scene.assertInOrder();
    }

    private String refusal(String auth) {
        scene.with(CONNECTION, "auth", auth);
        scene.start();
        EndToEndScene.await("failed").until(() -> scene.admin().state(ADA).equals("failed"));
        scene.assertQuietConsoles();
        return scene.admin().mailbox(ADA).path("lastError").asString();
    }

    private GuardedFrontEnd door(RequestGuard guard) {
        var door = new GuardedFrontEnd(scene.exchange().url(), guard, Optional.empty());
        scene.with(CONNECTION, "url", door.url().toString());
        return door;
    }

    private GuardedFrontEnd secureDoor(StubTokenEndpoint authority) throws IOException, GeneralSecurityException {
        RequestGuard guard = exchange -> RequestGuard.authorization(exchange, "Bearer")
                        .filter(authority.tokens::contains)
                        .isPresent()
                || RequestGuard.unauthorized(exchange, "Bearer error=\"invalid_token\"");
        var door = new GuardedFrontEnd(scene.exchange().url(), guard, Optional.of(identity()));
        scene.with(CONNECTION, "url", door.url().toString());
        return door;
    }

    /// Starts a KDC. The JVM's acceptor reads the same file as the daemon.
    private TestKdc kdc() throws IOException {
        var kdc = new TestKdc(folder);
        System.setProperty(KRB5, kdc.configuration.toString());
        return kdc;
    }

    private static StubProxy proxy() throws IOException {
        var proxy = new StubProxy();
        var login = Base64.getEncoder().encodeToString("gate:sesame".getBytes(StandardCharsets.UTF_8));
        proxy.wanted = Optional.of("Basic " + login);
        return proxy;
    }

    /// Starts an authority over TLS that the daemon must trust.
    private StubTokenEndpoint throughTunnel(CertificateGenerator keytool) throws IOException, GeneralSecurityException {
        var pair = keytool.pair("server", "pkcs12");
        var trust = keytool.trust(keytool.pem(pair), "pkcs12");
        scene.with(
                CONNECTION,
                "tls",
                "{ trust-store: " + trust + ", trust-store-password: " + CertificateGenerator.PASSWORD + " }");
        return new StubTokenEndpoint(Clock.systemUTC(), identity());
    }

    private SSLContext identity() throws IOException, GeneralSecurityException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(folder.resolve("server.pkcs12")), CertificateGenerator.PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static X509Certificate certificate(Path pair) throws IOException, GeneralSecurityException {
        return (X509Certificate) store(pair).getCertificate("it");
    }

    private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, CertificateGenerator.PASSWORD.toCharArray());
        }
        return store;
    }
}
