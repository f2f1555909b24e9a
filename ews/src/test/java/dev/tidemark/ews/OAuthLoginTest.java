package dev.tidemark.ews;

import static dev.tidemark.authservers.CertificateGenerator.PASSWORD;
import static dev.tidemark.authservers.RequestGuard.authorization;
import static dev.tidemark.authservers.RequestGuard.unauthorized;
import static dev.tidemark.ews.LoginStub.SUCCESS;
import static dev.tidemark.ews.LoginStub.error;
import static dev.tidemark.ews.message.EwsRequests.ADA;
import static dev.tidemark.ews.message.EwsRequests.SUBSCRIBE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.authservers.CertificateGenerator;
import dev.tidemark.authservers.StubProxy;
import dev.tidemark.authservers.StubTokenEndpoint;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.config.ConnectionConfig.ClientProof;
import dev.tidemark.ews.config.EwsTlsConfig;
import dev.tidemark.ews.config.EwsTlsConfig.StoreFile;
import dev.tidemark.ews.config.UnreadableStoreException;
import dev.tidemark.ews.message.EwsError.PermanentForConnection;
import dev.tidemark.ews.message.EwsError.RetryAfter;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.SubscribeResult;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests the login against an authority that verifies by another library than the client's.
@Timeout(180)
class OAuthLoginTest {
    @TempDir
    static Path folder;

    private static Path store;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T09:00:00Z"));
    private StubTokenEndpoint authority;
    private LoginStub server;
    private volatile boolean refusesEverything;

    @BeforeAll
    static void makeKey() throws IOException {
        store = new CertificateGenerator(folder).rsaPair("signer");
    }

    @BeforeEach
    void start() throws IOException {
        authority = new StubTokenEndpoint(clock);
        server = LoginStub.plain(exchange -> authorization(exchange, "Bearer")
                        .filter(authority.tokens::contains)
                        .filter(ignored -> !refusesEverything)
                        .isPresent()
                || unauthorized(exchange, "Bearer error=\"invalid_token\""));
    }

    @AfterEach
    void stop() {
        server.close();
        authority.close();
    }

    @Test
    void a_wrong_secret_is_refused_by_the_authority_in_its_own_words() {
        var error = error(send(auth(new ClientProof.Secret("wrong"))));

        assertThat(error)
                .isInstanceOf(PermanentForConnection.class)
                .returns("ConnectionToken", each -> each.code().value());
        assertThat(error.text())
                .contains("invalid_client", "AADSTS7000215: wrong secret", "correct client-id and client-secret")
                .doesNotContain("Trace", "wrong secret wrong");
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void a_secret_gets_a_token_that_serves_many_requests() {
        try (var client = connect(auth(new ClientProof.Secret(StubTokenEndpoint.SECRET)))) {
            for (var i = 0; i < 3; i++) {
                assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            }
        }
        assertThat(authority.forms)
                .singleElement()
                .satisfies(
                        form -> assertThat(form).containsEntry(":content-type", "application/x-www-form-urlencoded"));
        assertThat(server.seen()).hasSize(3);
    }

    @Test
    void a_certificate_signs_an_assertion() throws Exception {
        authority.certificate = Optional.of(certificate(store));

        assertThat(send(auth(
                        new ClientProof.Certificate(new StoreFile(store, Optional.of(PASSWORD)), Optional.empty()))))
                .isEqualTo(SUCCESS);
        assertThat(authority.forms.getFirst()).doesNotContainKey("client_secret");
    }

    @Test
    void so_do_a_certificate_and_a_key_in_pem() throws Exception {
        authority.certificate = Optional.of(certificate(store));
        var pem = new CertificateGenerator(folder).pem(store);
        var key = pemKey("key.pem");
        var both = Files.writeString(folder.resolve("both.pem"), Files.readString(key) + Files.readString(pem));

        assertThat(send(auth(certificate(pem, Optional.of(key))))).isEqualTo(SUCCESS);
        assertThat(send(auth(certificate(both, Optional.empty())))).isEqualTo(SUCCESS);
    }

    @Test
    void another_certificate_than_the_authority_knows_is_refused() throws Exception {
        authority.certificate = Optional.of(certificate(new CertificateGenerator(folder).rsaPair("other")));

        assertThat(error(send(auth(new ClientProof.Certificate(
                                new StoreFile(store, Optional.of(PASSWORD)), Optional.empty()))))
                        .text())
                .contains("assertion wrong");
    }

    @Test
    void an_assertion_that_is_too_old_is_refused() throws Exception {
        authority.certificate = Optional.of(certificate(store));
        authority.clock = Clock.offset(clock, Duration.ofMinutes(30));

        assertThat(error(send(auth(new ClientProof.Certificate(
                                new StoreFile(store, Optional.of(PASSWORD)), Optional.empty()))))
                        .text())
                .contains("assertion expired");
    }

    @Test
    void a_token_is_replaced_before_it_ends() {
        try (var client = connect(auth(new ClientProof.Secret(StubTokenEndpoint.SECRET)))) {
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            clock.advance(Duration.ofMinutes(54));
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            assertThat(authority.forms).hasSize(1);
            clock.advance(Duration.ofMinutes(2));
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            assertThat(authority.forms).hasSize(2);
        }
    }

    @Test
    void an_authority_that_fails_then_is_not_missed_until_the_token_ends() {
        try (var client = connect(auth(new ClientProof.Secret(StubTokenEndpoint.SECRET)))) {
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            authority.scriptedAnswer = Optional.of(new StubTokenEndpoint.Answer(503, "", ""));
            clock.advance(Duration.ofMinutes(56));
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            // the second request used the cached token
            assertThat(authority.forms).hasSize(2);
            clock.advance(Duration.ofMinutes(5));
            assertThat(error(client.send(ADA, SUBSCRIBE))).isInstanceOf(RetryAfter.class);
            authority.scriptedAnswer = Optional.empty();
            clock.advance(Duration.ofMinutes(1));
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"31536000", "9223372036854775807"})
    void a_wait_that_the_authority_asks_for_is_told_and_outlives_no_recovery(String seconds) {
        authority.scriptedAnswer = Optional.of(new StubTokenEndpoint.Answer(503, seconds, ""));
        try (var client = connect(auth(new ClientProof.Secret(StubTokenEndpoint.SECRET)))) {
            assertThat(error(client.send(ADA, SUBSCRIBE)))
                    .isInstanceOfSatisfying(
                            RetryAfter.class,
                            retry -> assertThat(retry.backOff())
                                    .hasValueSatisfying(wait -> assertThat(wait).isGreaterThan(Duration.ofDays(364))));
            authority.scriptedAnswer = Optional.empty();
            clock.advance(Duration.ofSeconds(30));
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "1e30", "\"9223372036854775808\"", "-1", "\"soon\"", "null"})
    void a_lifetime_that_makes_no_sense_overflows_nothing(String lifetime) {
        authority.scriptedAnswer = Optional.of(new StubTokenEndpoint.Answer(
                200, "", "{\"token_type\":\"Bearer\",\"access_token\":\"a\",\"expires_in\":" + lifetime + "}"));
        authority.tokens.add("a");
        assertThat(send(auth(new ClientProof.Secret(StubTokenEndpoint.SECRET)))).isEqualTo(SUCCESS);
    }

    @Test
    void many_requests_at_once_fetch_one_token() throws Exception {
        authority.gate = new CountDownLatch(1);
        try (var client = connect(auth(new ClientProof.Secret(StubTokenEndpoint.SECRET)));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tasks = new ArrayList<Callable<EwsResult<SubscribeResult>>>();
            for (var i = 0; i < 10; i++) {
                tasks.add(() -> client.send(ADA, SUBSCRIBE));
            }
            var answers = tasks.stream().map(threads::submit).toList();
            authority.gate.countDown();
            for (var answer : answers) {
                assertThat(answer.get()).isEqualTo(SUCCESS);
            }
        }
        assertThat(authority.forms).hasSize(1);
    }

    @Test
    void an_expired_or_revoked_token_is_dropped_and_the_request_tried_once_more() {
        try (var client = connect(auth(new ClientProof.Secret(StubTokenEndpoint.SECRET)))) {
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            authority.tokens.set(0, "revoked");
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }
        assertThat(authority.forms).hasSize(2);
        assertThat(server.seen()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "https://mail.example.com/EWS/Exchange.asmx, https://mail.example.com/.default",
        "https://outlook.office365.com/EWS/Exchange.asmx, https://outlook.office365.com/.default",
        "https://autodiscover-s.outlook.com/autodiscover/autodiscover.svc, https://outlook.office365.com/.default",
        "https://notoutlook.com/EWS/Exchange.asmx, https://notoutlook.com/.default"
    })
    void without_a_scope_a_token_is_for_the_service_that_is_asked(URI service, String scope) {
        var auth = new Auth.OAuth2(
                authority.url(), StubTokenEndpoint.CLIENT, new ClientProof.Secret("s"), Optional.empty());

        assertThat(auth.scopeAt(service)).isEqualTo(scope);
    }

    @Test
    void the_token_of_one_address_is_for_that_address_only() {
        var auth = new Auth.OAuth2(
                authority.url(), StubTokenEndpoint.CLIENT, new ClientProof.Secret("s"), Optional.empty());

        send(auth);

        assertThat(authority.forms).extracting(form -> form.get("scope")).containsExactly("https://localhost/.default");
    }

    @Test
    void a_server_that_refuses_every_token_is_not_asked_for_ever() {
        refusesEverything = true;
        try (var client = connect(auth(new ClientProof.Secret(StubTokenEndpoint.SECRET)))) {
            var error = error(client.send(ADA, SUBSCRIBE));
            assertThat(error)
                    .isInstanceOf(PermanentForConnection.class)
                    .returns("Http401", each -> each.code().value());
            assertThat(error.text()).contains("full_access_as_app");
            assertThat(client.send(ADA, SUBSCRIBE)).isInstanceOf(EwsResult.Refused.class);
        }
        assertThat(authority.forms).hasSize(2);
        // the second request gets the failure of the first
        assertThat(server.seen()).hasSize(2);
    }

    @Test
    void a_token_that_was_tampered_with_is_refused() throws IOException {
        try (var proxied = LoginStub.plain(exchange -> authorization(exchange, "Bearer")
                        .map(token -> token.replace("token", "tokem"))
                        .filter(authority.tokens::contains)
                        .isPresent()
                || unauthorized(exchange, "Bearer"))) {
            assertThat(error(LoginStub.send(proxied.config(auth(new ClientProof.Secret(StubTokenEndpoint.SECRET))))))
                    .isInstanceOf(PermanentForConnection.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 | 17 | | true | busy or broken (HTTP 503)",
                "429 | 5 | {\"error\":\"temporarily_unavailable\"} | true | busy or broken (HTTP 429)",
                "500 | '' | <html> | true | busy or broken (HTTP 500)",
                "404 | '' | <html>none</html> | false | There is no token endpoint at",
                "302 | '' | '' | false | There is no token endpoint at",
                "400 | '' | {\"error\":\"invalid_scope\",\"error_description\":\"AADSTS1002012\"} | false | correct"
                        + " scope",
                "400 | '' | {\"error\":\"unauthorized_client\"} | false | correct client-id and tenant",
                "400 | '' | {\"error\":\"something_new\"} | true | issues no token (something_new)",
                "200 | '' | {\"token_type\":\"Bearer\"} | true | no bearer token",
                "200 | '' | {\"token_type\":\"mac\",\"access_token\":\"a\"} | true | no bearer token",
                "200 | '' | {\"token_type\":\"Bearer\",\"access_token\":\"a b\"} | true | no bearer token",
                "200 | '' | no json | true | no bearer token"
            })
    void what_the_authority_says_instead_is_a_sentence(
            int status, String retryAfter, String body, boolean passes, String words) {
        authority.scriptedAnswer = Optional.of(new StubTokenEndpoint.Answer(
                status,
                Optional.ofNullable(retryAfter).orElse(""),
                Optional.ofNullable(body).orElse("")));

        var error = error(send(auth(new ClientProof.Secret(StubTokenEndpoint.SECRET))));

        assertThat(error).isInstanceOf(passes ? RetryAfter.class : PermanentForConnection.class);
        assertThat(error.text()).contains(words).endsWith(".").doesNotContain(StubTokenEndpoint.SECRET);
        if (error instanceof RetryAfter retry) {
            assertThat(retry.backOff()
                            .map(Duration::toSeconds)
                            .map(String::valueOf)
                            .orElse(""))
                    .isEqualTo(Optional.ofNullable(retryAfter).orElse(""));
        }
    }

    @Test
    void an_authority_that_is_away_is_told_from_a_server_that_is() {
        authority.close();

        assertThat(error(send(auth(new ClientProof.Secret(StubTokenEndpoint.SECRET)))))
                .isInstanceOf(RetryAfter.class)
                .returns(true, error -> error.text().startsWith("On the way to the token endpoint: "));
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void a_proxy_leads_to_the_authority_too() throws IOException {
        try (var proxy = new StubProxy()) {
            proxy.wanted = Optional.of("Basic Z2F0ZTpwdw==");
            var way = Optional.of(ProxyConfig.of("http://gate:pw@localhost:" + proxy.port()));
            var auth = auth(new ClientProof.Secret(StubTokenEndpoint.SECRET));

            assertThat(send(server.config(auth, EwsTlsConfig.DEFAULT, way))).isEqualTo(SUCCESS);
            assertThat(proxy.requests)
                    .contains("POST " + authority.url() + " HTTP/1.1", "POST " + server.url() + " HTTP/1.1");
        }
    }

    @Test
    void a_key_that_cannot_sign_says_so_in_one_sentence() throws IOException {
        var keytool = new CertificateGenerator(folder);
        var curve = keytool.pair("curve", "pkcs12");
        var pem = keytool.pem(store);

        refused(new StoreFile(curve, Optional.of(PASSWORD)), Optional.empty(), "token endpoints take RSA");
        refused(new StoreFile(store, Optional.of("wrong")), Optional.empty(), "correct the password");
        refused(new StoreFile(pem, Optional.empty()), Optional.empty(), "openssl pkcs8");
        refused(new StoreFile(pem, Optional.empty()), Optional.of(folder.resolve("none")), "cannot be read");
    }

    @Test
    void secrets_are_not_shown() {
        assertThat(auth(new ClientProof.Secret("s3cret")).toString()).doesNotContain("s3cret");
    }

    private static void refused(StoreFile file, Optional<Path> key, String why) {
        assertThatExceptionOfType(UnreadableStoreException.class)
                .isThrownBy(() -> new ClientProof.Certificate(file, key).open())
                .withMessageContaining(why);
    }

    private Auth.OAuth2 auth(ClientProof proof) {
        return new Auth.OAuth2(authority.url(), StubTokenEndpoint.CLIENT, proof, Optional.of(StubTokenEndpoint.SCOPE));
    }

    private HttpEwsClient connect(Auth auth) {
        return HttpEwsClient.connect(server.config(auth), clock);
    }

    private EwsResult<SubscribeResult> send(Auth auth) {
        return send(server.config(auth));
    }

    private EwsResult<SubscribeResult> send(ConnectionConfig config) {
        try (var client = HttpEwsClient.connect(config, clock)) {
            return client.send(ADA, SUBSCRIBE);
        }
    }

    private static ClientProof certificate(Path pem, Optional<Path> key) {
        return new ClientProof.Certificate(new StoreFile(pem, Optional.empty()), key);
    }

    private static X509Certificate certificate(Path path) throws Exception {
        return (X509Certificate)
                KeyStore.getInstance(path.toFile(), PASSWORD.toCharArray()).getCertificate("it");
    }

    private static Path pemKey(String name) throws Exception {
        var key = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()).getKey("it", PASSWORD.toCharArray());
        var lines = List.of(
                "-----BEGIN PRIVATE KEY-----",
                Base64.getMimeEncoder().encodeToString(key.getEncoded()),
                "-----END PRIVATE KEY-----");
        return Files.write(folder.resolve(name), lines);
    }
}
