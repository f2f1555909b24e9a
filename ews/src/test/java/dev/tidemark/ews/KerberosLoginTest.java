package dev.tidemark.ews;

import static dev.tidemark.ews.LoginStub.SUCCESS;
import static dev.tidemark.ews.LoginStub.error;
import static dev.tidemark.ews.message.EwsRequests.ADA;
import static dev.tidemark.ews.message.EwsRequests.SUBSCRIBE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.tidemark.authservers.CertificateGenerator;
import dev.tidemark.authservers.GuardedServer.Seen;
import dev.tidemark.authservers.SpnegoGuard;
import dev.tidemark.authservers.TestKdc;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.config.ConnectionConfig.KerberosSecret;
import dev.tidemark.ews.config.EwsTlsConfig;
import dev.tidemark.ews.config.EwsTlsConfig.StoreFile;
import dev.tidemark.ews.message.EwsError.PermanentForConnection;
import dev.tidemark.ews.message.EwsError.RetryAfter;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.testsupport.SettableClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.ietf.jgss.ChannelBinding;
import org.ietf.jgss.GSSException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Tests Kerberos against Apache Kerby's KDC and the JVM's acceptor.
@Timeout(300)
class KerberosLoginTest {
    @TempDir
    static Path folder;

    private static TestKdc kdc;

    private SpnegoGuard guard;
    private LoginStub server;

    @BeforeAll
    static void startKdc() throws IOException {
        kdc = new TestKdc(folder);
    }

    @AfterAll
    static void stopKdc() throws IOException {
        kdc.close();
        System.clearProperty("java.security.krb5.conf");
    }

    @BeforeEach
    void start() throws IOException {
        kdc.lifetime("10h");
        guard = new SpnegoGuard(kdc.serviceKeytab);
        server = LoginStub.plain(guard);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_wrong_password_is_refused_by_the_kdc() {
        var error = error(server.send(auth(TestKdc.USER, new KerberosSecret.Password("wrong"))));

        assertThat(error).isInstanceOf(PermanentForConnection.class);
        assertThat(error.text()).contains("The KDC refuses the secret of svc@EXAMPLE.COM");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void an_unknown_principal_and_a_keytab_without_it_are_told_apart() {
        assertThat(error(server.send(auth("unknown@EXAMPLE.COM", new KerberosSecret.Password("x"))))
                        .text())
                .contains("does not know unknown@EXAMPLE.COM");
        assertThat(error(server.send(auth(TestKdc.USER, new KerberosSecret.Keytab(kdc.serviceKeytab))))
                        .text())
                .contains("The keytab holds no key of svc@EXAMPLE.COM");
    }

    @Test
    void a_service_that_the_kdc_does_not_know_is_named() {
        var other = new Auth.Kerberos(
                TestKdc.USER, password(), Optional.of(kdc.configuration), Optional.of("HTTP/other.example.com"));

        var error = error(server.send(other));

        assertThat(error).isInstanceOf(PermanentForConnection.class);
        assertThat(error.text()).contains("HTTP/other.example.com", "setspn");
    }

    @Test
    void a_realm_without_a_kdc_needs_a_person() {
        var error = error(server.send(auth("svc@NOWHERE.EXAMPLE", password())));

        assertThat(error).isInstanceOf(PermanentForConnection.class);
        assertThat(error.text()).contains("No KDC is known for the realm");
    }

    @Test
    void a_kdc_that_is_away_is_tried_again() throws Exception {
        kdc.close();
        try {
            var error = error(server.send(auth(TestKdc.USER, password())));

            assertThat(error).isInstanceOf(RetryAfter.class);
            assertThat(error.text()).contains("No KDC responds");
        } finally {
            kdc = new TestKdc(folder.resolve("again"));
        }
    }

    @Test
    void a_token_that_was_tampered_with_is_refused() {
        guard.tampering = token -> {
            var changed = token.clone();
            changed[changed.length - 40] ^= 1;
            return changed;
        };

        var error = error(server.send(auth(TestKdc.USER, password())));

        assertThat(guard.accepted).isEmpty();
        assertThat(error)
                .isInstanceOf(PermanentForConnection.class)
                .returns("Http401", each -> each.code().value());
        assertThat(error.text()).contains("complete Kerberos handshake", "Extended Protection");
    }

    @Test
    void a_server_that_cannot_prove_itself_is_not_believed() {
        guard.forging = token -> {
            var changed = token.clone();
            changed[changed.length - 20] ^= 1;
            return changed;
        };

        assertThat(server.send(auth(TestKdc.USER, password()))).isInstanceOf(EwsResult.Refused.class);
    }

    @Test
    void a_password_logs_in_and_the_request_is_sent_once() {
        try (var client = HttpEwsClient.connect(server.config(auth(TestKdc.USER, password())), Clock.systemUTC())) {
            for (var i = 0; i < 3; i++) {
                assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            }
        }
        assertThat(guard.accepted).containsExactly(TestKdc.USER);
        assertThat(server.seen()).extracting(Seen::authorization).containsExactly(true, false, false);
    }

    @Test
    void a_keytab_logs_in() {
        assertThat(server.send(auth(TestKdc.USER, new KerberosSecret.Keytab(kdc.userKeytab))))
                .isEqualTo(SUCCESS);
        assertThat(guard.accepted).containsExactly(TestKdc.USER);
    }

    @Test
    void a_server_that_wants_a_proof_with_each_request_gets_it() {
        guard.persistent = false;
        try (var client = HttpEwsClient.connect(server.config(auth(TestKdc.USER, password())), Clock.systemUTC())) {
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }
        assertThat(server.seen()).extracting(Seen::authorization).containsExactly(true, true);
    }

    @Test
    void a_server_that_forgot_the_connection_is_logged_in_to_again() {
        try (var client = HttpEwsClient.connect(server.config(auth(TestKdc.USER, password())), Clock.systemUTC())) {
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            guard.forget();
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }
        assertThat(guard.accepted).hasSize(2);
    }

    @Test
    void an_expired_ticket_proves_nothing_and_neither_does_an_old_token() throws Exception {
        kdc.lifetime("4s", Duration.ofSeconds(3));
        guard.persistent = false;
        // a fixed clock, so that no ticket is renewed early
        var clock = new SettableClock(Instant.now());
        try (var client = HttpEwsClient.connect(server.config(auth(TestKdc.USER, password())), clock)) {
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            var since = Instant.now();
            // the KDC, the JVM and the acceptor use the machine's clock
            await().until(() -> Instant.now().isAfter(since.plusSeconds(8)));

            assertThatExceptionOfType(GSSException.class)
                    .isThrownBy(() -> guard.accept(Base64.getDecoder().decode(guard.tokens.getFirst())));
            assertThat(error(client.send(ADA, SUBSCRIBE))).isInstanceOf(RetryAfter.class);
            assertThat(server.seen()).hasSize(1);
            kdc.lifetime("10h");
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }
    }

    @Test
    void tickets_are_fetched_again_before_they_end() throws Exception {
        guard.persistent = false;
        var clock = new SettableClock(Instant.now());
        var tickets = new KerberosTicketCache(auth(TestKdc.USER, password()), clock);
        var first = tickets.current();

        clock.advance(Duration.ofHours(9));
        assertThat(tickets.current()).isSameAs(first);
        clock.advance(Duration.ofMinutes(56));
        assertThat(tickets.current()).isNotSameAs(first);
    }

    @Test
    void a_service_with_new_keys_is_served_after_one_refusal() throws Exception {
        guard.persistent = false;
        try (var client = HttpEwsClient.connect(server.config(auth(TestKdc.USER, password())), Clock.systemUTC())) {
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            kdc.replaceService();
            assertThat(client.send(ADA, SUBSCRIBE)).isInstanceOf(EwsResult.Refused.class);
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }
    }

    @Test
    void the_login_is_bound_to_the_tls_channel() throws Exception {
        var keytool = new CertificateGenerator(folder);
        var pair = keytool.pair("kerberos", "pkcs12");
        var trust = new EwsTlsConfig(Optional.of(store(keytool.trust(keytool.pem(pair), "pkcs12"))), Optional.empty());
        var identity = new EwsTlsConfig(Optional.empty(), Optional.of(store(pair)));
        guard.persistent = false;
        try (var secure = LoginStub.secure(identity, guard)) {
            var config = secure.config(auth(TestKdc.USER, password()), trust, Optional.empty());

            guard.channel = Optional.of(channel(pair));
            assertThat(LoginStub.send(config)).isEqualTo(SUCCESS);

            guard.channel = Optional.of(channel(keytool.pair("terminator", "pkcs12")));
            assertThat(error(LoginStub.send(config)).text()).contains("Extended Protection");
            assertThat(guard.verdicts).singleElement().asString().contains("Channel binding");
        }
    }

    /// Creates the binding that the JVM's acceptor compares: RFC 5929 with the hash of the signature.
    private static ChannelBinding channel(Path pair) throws Exception {
        var certificate = KeyStore.getInstance(pair.toFile(), CertificateGenerator.PASSWORD.toCharArray())
                .getCertificate("it");
        var prefix = "tls-server-end-point:".getBytes(StandardCharsets.US_ASCII);
        var hash = MessageDigest.getInstance("SHA-384").digest(certificate.getEncoded());
        var data = ByteBuffer.allocate(prefix.length + hash.length).put(prefix).put(hash);
        return Class.forName("sun.security.jgss.krb5.internal.TlsChannelBindingImpl")
                .asSubclass(ChannelBinding.class)
                .getConstructor(byte[].class)
                .newInstance((Object) data.array());
    }

    private static StoreFile store(Path path) {
        return new StoreFile(path, Optional.of(CertificateGenerator.PASSWORD));
    }

    private static KerberosSecret password() {
        return new KerberosSecret.Password(TestKdc.PASSWORD);
    }

    private static Auth.Kerberos auth(String principal, KerberosSecret secret) {
        return new Auth.Kerberos(principal, secret, Optional.of(kdc.configuration), Optional.empty());
    }
}
