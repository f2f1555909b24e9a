package dev.tidemark.ews;

import static dev.tidemark.authservers.RequestGuard.unauthorized;
import static dev.tidemark.ews.LoginStub.SUCCESS;
import static dev.tidemark.ews.LoginStub.error;
import static dev.tidemark.ews.message.EwsRequests.ADA;
import static dev.tidemark.ews.message.EwsRequests.SUBSCRIBE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.authservers.CertificateGenerator;
import dev.tidemark.authservers.GuardedServer;
import dev.tidemark.authservers.GuardedServer.Seen;
import dev.tidemark.authservers.NtlmGuard;
import dev.tidemark.authservers.StubProxy;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.config.EwsTlsConfig;
import dev.tidemark.ews.config.EwsTlsConfig.StoreFile;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsError.PermanentForConnection;
import dev.tidemark.ews.message.EwsError.RetryAfter;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import java.io.IOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class NtlmLoginTest {
    private static final Auth.Ntlm RIGHT = new Auth.Ntlm("EXAMPLE\\svc", NtlmGuard.PASSWORD);

    private static final EwsCall<SubscribeResult> REPEATABLE = new EwsCall.SubscribeStreaming(
            java.util.List.of(new FolderRef.Distinguished("inbox")), java.util.Set.of(ChangeKind.NEW_MAIL));

    private final NtlmGuard guard = new NtlmGuard();
    private volatile boolean forgetful;
    private LoginStub server;

    @BeforeEach
    void start() throws IOException {
        server = LoginStub.plain(guard);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_wrong_password_is_refused_and_the_likely_causes_are_named() {
        var answer = server.send(new Auth.Ntlm("EXAMPLE\\svc", "wrong"));

        assertThat(guard.verdict).isEqualTo("wrong password");
        assertThat(error(answer))
                .isInstanceOf(PermanentForConnection.class)
                .returns("Http401", error -> error.code().value());
        assertThat(error(answer).text())
                .contains("complete NTLM handshake", "username and password", "Extended Protection", "terminates TLS")
                .doesNotContain("wrong");
        // the client does not retry, because the account may be locked
        assertThat(server.seen()).hasSize(2);
    }

    @Test
    void a_message_that_was_tampered_with_is_refused() {
        guard.tampering = message -> {
            var changed = message.clone();
            if (changed[8] == 3) {
                // a flag that only the integrity code protects
                changed[61] ^= 0x10;
            }
            return changed;
        };

        assertThat(error(server.send(RIGHT))).isInstanceOf(PermanentForConnection.class);
        assertThat(guard.verdict).isEqualTo("wrong integrity code");
    }

    @Test
    void a_first_message_that_was_tampered_with_is_refused() {
        guard.tampering = message -> {
            var changed = message.clone();
            if (changed[8] == 1) {
                changed[15] ^= 0x20;
            }
            return changed;
        };

        assertThat(server.send(RIGHT)).isNotEqualTo(SUCCESS);
        assertThat(guard.verdict).isEqualTo("wrong integrity code");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 20, 40, 44, 46, 60})
    void a_challenge_that_was_tampered_with_is_not_answered(int at) {
        guard.forging = challenge -> {
            var changed = challenge.clone();
            changed[at] ^= 0x7f;
            return changed;
        };

        var error = error(server.send(RIGHT));

        assertThat(error).isInstanceOfAny(RetryAfter.class, PermanentForConnection.class);
        assertThat(server.seen()).hasSizeBetween(1, 2);
    }

    @Test
    void a_challenge_for_an_older_ntlm_is_not_answered() {
        guard.forging = challenge -> ByteBuffer.wrap(challenge.clone())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(20, 0xa2818205)
                .array();

        assertThat(error(server.send(RIGHT)).text()).contains("older NTLM than version 2");
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void a_server_without_ntlm_is_told_from_one_that_refuses() throws IOException {
        try (var other = LoginStub.plain(exchange -> unauthorized(exchange, "Negotiate", "Basic realm=\"x\""))) {
            var error = error(other.send(RIGHT));

            assertThat(error).isInstanceOf(PermanentForConnection.class);
            assertThat(error.text()).contains("does not offer NTLM", "offers Negotiate, Basic");
            assertThat(other.seen()).hasSize(1);
        }
    }

    @Test
    void a_connection_that_ends_in_the_middle_is_tried_again_later() throws IOException {
        try (var hasty = LoginStub.plain(exchange -> {
            exchange.getResponseHeaders().set("Connection", "close");
            return guard.allows(exchange);
        })) {
            var error = error(hasty.send(RIGHT));

            assertThat(error).isInstanceOf(RetryAfter.class);
            assertThat(error.text()).contains("in the middle of the NTLM handshake");
        }
    }

    @Test
    void the_request_is_sent_once_and_the_connection_stays_the_accounts() {
        try (var client = HttpEwsClient.connect(server.config(RIGHT), Clock.systemUTC())) {
            for (var i = 0; i < 3; i++) {
                assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            }
        }
        var body = server.seen().getLast().length();
        var port = server.seen().getFirst().port();
        assertThat(server.seen())
                .containsExactly(
                        new Seen(port, 0, true),
                        new Seen(port, body, true),
                        new Seen(port, body, false),
                        new Seen(port, body, false));
        assertThat(body).isPositive();
    }

    @Test
    void a_server_that_forgot_the_connection_is_logged_in_to_again() {
        try (var client = HttpEwsClient.connect(server.config(RIGHT), Clock.systemUTC())) {
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            guard.forget();
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }
    }

    @Test
    void a_kept_connection_that_was_closed_takes_its_login_with_it() throws IOException {
        var ports = new ArrayList<Integer>();
        try (var closing = LoginStub.plain(exchange -> {
                    var port = exchange.getRemoteAddress().getPort();
                    ports.add(port);
                    if (Collections.frequency(ports, port) == 3) {
                        // without a response
                        exchange.close();
                        return false;
                    }
                    return guard.allows(exchange);
                });
                var client = HttpEwsClient.connect(closing.config(RIGHT), Clock.systemUTC())) {
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
            // the third request met the closed connection; the new one began with a login
            assertThat(closing.seen()).extracting(Seen::authorization).containsExactly(true, true, false, true, true);
            assertThat(closing.seen().stream().map(Seen::port).distinct()).hasSize(2);
        }
    }

    @Test
    void a_server_that_forgot_the_connection_and_closes_it_is_logged_in_to_on_a_new_one() throws IOException {
        try (var closing = LoginStub.plain(exchange -> {
                    if (forgetful) {
                        forgetful = false;
                        guard.forget();
                        exchange.getResponseHeaders().set("Connection", "close");
                    }
                    return guard.allows(exchange);
                });
                var client = HttpEwsClient.connect(closing.config(RIGHT), Clock.systemUTC())) {
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
            forgetful = true;
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
            assertThat(closing.seen()).extracting(Seen::authorization).containsExactly(true, true, false, true, true);
            assertThat(closing.seen().stream().map(Seen::port).distinct()).hasSize(2);
        }
    }

    @Test
    void each_connection_logs_in_for_itself() throws Exception {
        var both = new CountDownLatch(2);
        try (var slow = LoginStub.plain(exchange -> {
                    var lets = guard.allows(exchange);
                    if (lets) {
                        both.countDown();
                        await(both);
                    }
                    return lets;
                });
                var client = HttpEwsClient.connect(slow.config(RIGHT), Clock.systemUTC());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Callable<EwsResult<SubscribeResult>>>();
            for (var i = 0; i < 2; i++) {
                tasks.add(() -> client.send(ADA, SUBSCRIBE));
            }
            for (var answer : threads.invokeAll(tasks)) {
                assertThat(answer.get()).isEqualTo(SUCCESS);
            }
            assertThat(slow.seen().stream().map(Seen::port).distinct()).hasSize(2);
            assertThat(slow.seen()).filteredOn(Seen::authorization).hasSize(4);
        }
    }

    @Test
    void a_stream_logs_in_too() {
        try (var client = HttpEwsClient.connect(server.config(RIGHT), Clock.systemUTC())) {
            var stream = client.stream(
                    ADA,
                    new GetStreamingEvents(
                            java.util.List.of(new SubscriptionId("sub-1")), java.time.Duration.ofMinutes(1)));

            assertThat(stream).isInstanceOf(EwsResult.Success.class);
        }
        assertThat(guard.verdict).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"svc", "example\\svc", "EXAMPLE\\svc"})
    void a_domain_is_optional(String username) {
        assertThat(server.send(new Auth.Ntlm(username, NtlmGuard.PASSWORD))).isEqualTo(SUCCESS);
    }

    @Test
    void a_server_that_does_not_tell_the_time_is_told_ours() {
        guard.sendsTimestamp = false;

        assertThat(server.send(RIGHT)).isEqualTo(SUCCESS);
    }

    @Test
    void a_server_that_asks_for_no_login_is_served_without() throws IOException {
        try (var open = LoginStub.plain(exchange -> true)) {
            assertThat(open.send(RIGHT)).isEqualTo(SUCCESS);
            assertThat(open.seen()).extracting(Seen::authorization).containsExactly(true, false);
        }
    }

    @Test
    void a_busy_server_is_busy_not_refusing() throws IOException {
        try (var busy = LoginStub.plain(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "7");
            GuardedServer.respond(exchange, 503, new byte[0]);
            return false;
        })) {
            assertThat(error(busy.send(RIGHT)))
                    .isInstanceOfSatisfying(
                            RetryAfter.class,
                            retry -> assertThat(retry.backOff()).contains(java.time.Duration.ofSeconds(7)));
        }
    }

    @Test
    void the_login_is_bound_to_the_tls_channel_and_a_proxy_that_ends_it_is_found_out(@TempDir Path folder)
            throws Exception {
        var keytool = new CertificateGenerator(folder);
        var pair = keytool.pair("server", "pkcs12");
        var pem = keytool.pem(pair);
        var trust = new EwsTlsConfig(Optional.of(store(keytool.trust(pem, "pkcs12"))), Optional.empty());
        guard.channel = Optional.of(channelHash(pem));
        try (var secure = LoginStub.secure(new EwsTlsConfig(Optional.empty(), Optional.of(store(pair))), guard);
                var proxy = new StubProxy()) {
            assertThat(LoginStub.send(secure.config(RIGHT, trust, Optional.empty())))
                    .isEqualTo(SUCCESS);

            proxy.wanted = Optional.of("Basic Z2F0ZTpwdw==");
            var way = Optional.of(ProxyConfig.of("http://gate:pw@localhost:" + proxy.port()));
            assertThat(LoginStub.send(secure.config(RIGHT, trust, way))).isEqualTo(SUCCESS);

            guard.channel = Optional.of(channelHash(keytool.pem(keytool.pair("behind", "pkcs12"))));
            var error = error(LoginStub.send(secure.config(RIGHT, trust, Optional.empty())));
            assertThat(guard.verdict).isEqualTo("another channel");
            assertThat(error.text()).contains("Extended Protection");
        }
    }

    @Test
    void the_binding_can_be_omitted_where_the_certificate_is_not_that_of_the_server(@TempDir Path folder)
            throws Exception {
        var keytool = new CertificateGenerator(folder);
        var pair = keytool.pair("balancer", "pkcs12");
        var trust = new EwsTlsConfig(Optional.of(store(keytool.trust(keytool.pem(pair), "pkcs12"))), Optional.empty());
        guard.channel = Optional.of(new byte[16]);
        try (var secure = LoginStub.secure(new EwsTlsConfig(Optional.empty(), Optional.of(store(pair))), guard)) {
            var config = secure.config(RIGHT, trust, Optional.empty());

            assertThat(error(LoginStub.send(config)).text()).contains("Extended Protection");
            assertThat(LoginStub.send(config.withoutChannelBinding().orElseThrow()))
                    .isEqualTo(SUCCESS);
        }
    }

    /// Uses a second implementation, so that the server does not repeat an error of the client.
    @ParameterizedTest
    @ValueSource(strings = {NtlmGuard.PASSWORD, "wrong"})
    void the_server_agrees_with_the_jdks_own_client(String password) throws IOException {
        guard.strict = false;
        var connection = (HttpURLConnection) server.url().toURL().openConnection();
        connection.setAuthenticator(new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication("EXAMPLE\\svc", password.toCharArray());
            }
        });
        connection.setRequestProperty("Content-Type", "text/xml");

        assertThat(connection.getResponseCode()).isEqualTo(password.equals("wrong") ? 401 : 200);
        assertThat(guard.verdict).isEqualTo(password.equals("wrong") ? "wrong password" : "");
    }

    /// MS-NLMP, section 4.2.4: User, Domain, Password.
    @Test
    void the_arithmetic_is_that_of_the_specification() {
        assertThat(NtlmCrypto.key("Domain", "User", "Password"))
                .asHexString()
                .isEqualToIgnoringCase("0c868a403bfd7a93a3001ef22ef02e3f");
    }

    /// RFC 1320, appendix A.5.
    @ParameterizedTest
    @org.junit.jupiter.params.provider.CsvSource({
        "'',31d6cfe0d16ae931b73c59d7e0c089c0",
        "a,bde52cb31de33e46245e05fbdbd6fb24",
        "abc,a448017aaf21d8525fc10ae87aa6729d",
        "message digest,d9130a8164549fe818874806e1c7014b",
        "abcdefghijklmnopqrstuvwxyz,d79e1c308aa5bbcdeea8ed63df412da9",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789,043f8582f241db351ce627e153e7f0e4",
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890,"
                + "e33b4ddc9c38f2199c3e7b164fcc0536"
    })
    void so_is_md4(String message, String digest) {
        assertThat(Md4Digest.digest(message.getBytes(StandardCharsets.US_ASCII)))
                .asHexString()
                .isEqualToIgnoringCase(digest);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static StoreFile store(Path path) {
        return new StoreFile(path, Optional.of(CertificateGenerator.PASSWORD));
    }

    /// MD5 over empty addresses and the binding of RFC 5929, whose hash is the one of the signature.
    private static byte[] channelHash(Path pem) throws Exception {
        try (var in = Files.newInputStream(pem)) {
            var certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            assertThat(certificate.getSigAlgName()).isEqualTo("SHA384withECDSA");
            var hash = MessageDigest.getInstance("SHA-384").digest(certificate.getEncoded());
            var prefix = "tls-server-end-point:".getBytes(StandardCharsets.US_ASCII);
            var binding = ByteBuffer.allocate(20 + prefix.length + hash.length).order(ByteOrder.LITTLE_ENDIAN);
            binding.putInt(16, prefix.length + hash.length);
            binding.position(20);
            binding.put(prefix).put(hash);
            return MessageDigest.getInstance("MD5").digest(binding.array());
        }
    }
}
