package dev.tidemark.ews;

import static dev.tidemark.authservers.CertificateGenerator.PASSWORD;
import static dev.tidemark.ews.SoapText.bytes;
import static dev.tidemark.ews.SoapText.envelope;
import static dev.tidemark.ews.message.EwsRequests.ADA;
import static dev.tidemark.ews.message.EwsRequests.SUBSCRIBE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.tidemark.authservers.CertificateGenerator;
import dev.tidemark.authservers.StubProxy;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.config.EwsTlsConfig;
import dev.tidemark.ews.config.EwsTlsConfig.StoreFile;
import dev.tidemark.ews.config.UnreadableStoreException;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsError.PermanentForConnection;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.EwsResult.Refused;
import dev.tidemark.ews.message.EwsResult.Success;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests TLS and proxies against real servers on loopback.
@Timeout(180)
class HttpEwsClientRouteTest {
    private static final String GRANTED = envelope("<m:SubscribeResponse><m:ResponseMessages>"
            + "<m:SubscribeResponseMessage ResponseClass='Success'><m:ResponseCode>NoError</m:ResponseCode>"
            + "<m:SubscriptionId>sub-1</m:SubscriptionId><m:Watermark>wm-1</m:Watermark>"
            + "</m:SubscribeResponseMessage></m:ResponseMessages></m:SubscribeResponse>");

    private static final Success<SubscribeResult> SUCCESS =
            new Success<>(new SubscribeResult(new SubscriptionId("sub-1"), Optional.of(new Watermark("wm-1"))));

    @TempDir
    static Path folder;

    private static Path serverPair;
    private static Path serverPem;
    private static Path serverTrust;
    private static Path clientPair;
    private static Path clientTrust;

    private final AtomicInteger requests = new AtomicInteger();
    private HttpsServer secure;
    private HttpServer plain;
    private StubProxy proxy;
    private volatile boolean wantsCertificate;

    @BeforeAll
    static void certificates() throws IOException {
        var keytool = new CertificateGenerator(folder);
        serverPair = keytool.pair("server", "pkcs12");
        serverPem = keytool.pem(serverPair);
        serverTrust = keytool.trust(serverPem, "pkcs12");
        clientPair = keytool.pair("client", "pkcs12");
        clientTrust = keytool.trust(keytool.pem(clientPair), "pkcs12");
    }

    @BeforeEach
    void start() throws IOException {
        // the server's key and trust store, read by the code under test
        var context = new EwsTlsConfig(Optional.of(store(clientTrust)), Optional.of(store(serverPair))).context();
        secure = HttpsServer.create(new InetSocketAddress(0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                var ssl = context.getDefaultSSLParameters();
                ssl.setNeedClientAuth(wantsCertificate);
                parameters.setSSLParameters(ssl);
            }
        });
        plain = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        for (var server : new HttpServer[] {secure, plain}) {
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", this::answer);
            server.start();
        }
        proxy = new StubProxy();
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        secure.stop(0);
        plain.stop(0);
    }

    @Test
    void an_unknown_authority_is_not_trusted() {
        assertThat(error(send(secureUrl("127.0.0.1"), EwsTlsConfig.DEFAULT)))
                .isInstanceOf(PermanentForConnection.class)
                .returns("ConnectionUntrusted", error -> error.code().value());
        assertThat(requests).hasValue(0);
    }

    @Test
    void an_authority_of_the_trust_store_is_trusted() {
        assertThat(send(secureUrl("127.0.0.1"), trusting(store(serverTrust)))).isEqualTo(SUCCESS);
    }

    /// apache/james-project #1304 and traefik/traefik #9157: no name in a certificate has the final dot of an
    /// absolute name.
    @Test
    void an_absolute_name_is_that_of_the_certificate() {
        var url = URI.create("https://localhost.:" + secure.getAddress().getPort() + "/EWS/Exchange.asmx");
        var config = new ConnectionConfig(
                "onprem",
                url,
                "Exchange2013_SP1",
                new Auth.None(),
                true,
                Duration.ofSeconds(20),
                1,
                trusting(store(serverTrust)),
                Optional.of(ProxyConfig.of("http://127.0.0.1:" + proxy.port())));
        try (var client = HttpEwsClient.connect(config, Clock.systemUTC())) {
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }
        assertThat(proxy.requests).allSatisfy(request -> assertThat(request).startsWith("CONNECT localhost.:"));
    }

    @Test
    void so_is_one_of_a_jks_store() throws IOException {
        var jks = new CertificateGenerator(folder).trust(serverPem, "jks");

        assertThat(send(secureUrl("127.0.0.1"), trusting(store(jks)))).isEqualTo(SUCCESS);
    }

    @Test
    void so_is_any_of_a_pem_file() throws IOException {
        var several = Files.writeString(
                folder.resolve("several.pem"),
                "first\n" + Files.readString(new CertificateGenerator(folder).pem(clientPair)) + "second\n"
                        + Files.readString(serverPem));

        assertThat(send(secureUrl("127.0.0.1"), trusting(new StoreFile(several, Optional.empty()))))
                .isEqualTo(SUCCESS);
    }

    @Test
    void a_trust_store_takes_the_place_of_other_authorities() {
        assertThat(error(send(secureUrl("127.0.0.1"), trusting(store(clientTrust))))
                        .code()
                        .value())
                .isEqualTo("ConnectionUntrusted");
    }

    @Test
    void a_trusted_certificate_for_another_name_is_not_accepted() {
        assertThat(error(send(secureUrl("127.0.0.2"), trusting(store(serverTrust))))
                        .code()
                        .value())
                .isEqualTo("ConnectionUntrusted");
        assertThat(requests).hasValue(0);
    }

    @Test
    void a_client_certificate_is_shown_where_it_is_asked_for() {
        wantsCertificate = true;
        var tls = new EwsTlsConfig(Optional.of(store(serverTrust)), Optional.of(store(clientPair)));

        assertThat(send(secureUrl("127.0.0.1"), tls)).isEqualTo(SUCCESS);
    }

    @Test
    void without_a_client_certificate_such_a_server_refuses() {
        wantsCertificate = true;

        assertThat(send(secureUrl("127.0.0.1"), trusting(store(serverTrust)))).isInstanceOf(Refused.class);
        assertThat(requests).hasValue(0);
    }

    @Test
    void a_proxy_forwards_plain_http() {
        assertThat(send(plainUrl(), EwsTlsConfig.DEFAULT, ProxyConfig.of("http://127.0.0.1:" + proxy.port())))
                .isEqualTo(SUCCESS);
        assertThat(proxy.requests).containsExactly("POST " + plainUrl() + " HTTP/1.1");
    }

    @Test
    void a_proxy_tunnels_https_and_the_certificate_is_checked_through_it() {
        var way = ProxyConfig.of("http://127.0.0.1:" + proxy.port());

        assertThat(send(secureUrl("127.0.0.1"), trusting(store(serverTrust)), way))
                .isEqualTo(SUCCESS);
        assertThat(proxy.requests)
                .containsExactly("CONNECT 127.0.0.1:" + secure.getAddress().getPort() + " HTTP/1.1");
        assertThat(error(send(secureUrl("127.0.0.1"), EwsTlsConfig.DEFAULT, way))
                        .code()
                        .value())
                .isEqualTo("ConnectionUntrusted");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_proxy_is_given_the_credentials_it_asks_for(boolean tunnel) {
        proxy.wanted = Optional.of("Basic " + Base64.getEncoder().encodeToString(bytes("gate:p@ss+:1")));
        var url = tunnel ? secureUrl("127.0.0.1") : plainUrl();

        assertThat(send(
                        url,
                        trusting(store(serverTrust)),
                        ProxyConfig.of("http://gate:p%40ss+:1@127.0.0.1:" + proxy.port())))
                .isEqualTo(SUCCESS);
        assertThat(requests).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"true,''", "false,''", "true,gate:wrong@", "false,gate:wrong@"})
    void a_proxy_that_refuses_the_credentials_needs_a_person(boolean tunnel, String login) {
        proxy.wanted = Optional.of("Basic none");
        var url = tunnel ? secureUrl("127.0.0.1") : plainUrl();

        assertThat(error(send(
                        url,
                        trusting(store(serverTrust)),
                        ProxyConfig.of("http://" + login + "127.0.0.1:" + proxy.port()))))
                .isInstanceOf(PermanentForConnection.class)
                .returns("ConnectionProxyLogin", error -> error.code().value());
        assertThat(requests).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"403,ConnectionProxyForbids", "502,ConnectionProxy", "504,ConnectionProxy"})
    void a_proxy_that_makes_no_way_is_named(int status, String code) {
        proxy.refusal = Optional.of(status);

        assertThat(error(send(
                                secureUrl("127.0.0.1"),
                                trusting(store(serverTrust)),
                                ProxyConfig.of("http://127.0.0.1:" + proxy.port())))
                        .code()
                        .value())
                .isEqualTo(code);
    }

    @Test
    void a_store_that_cannot_be_used_says_so_in_one_sentence() throws IOException {
        var garbage = Files.writeString(folder.resolve("garbage"), "no store");
        var broken = Files.writeString(
                folder.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        var wrong = Optional.of("wrong");

        refused(trusting(store(folder.resolve("nowhere"))), "cannot be read");
        refused(trusting(store(garbage)), "neither a PKCS12 nor a JKS store");
        refused(trusting(store(broken)), "broken certificate");
        refused(trusting(new StoreFile(serverTrust, wrong)), "correct the password");
        refused(trusting(new StoreFile(serverTrust, Optional.empty())), "its password");
        refused(showing(store(serverTrust)), "no private key");
        refused(showing(store(serverPem)), "openssl pkcs12 -export");
        refused(showing(new StoreFile(clientPair, wrong)), "correct the password");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://proxy:3128",
                "http://proxy",
                "http://proxy:3128/path",
                "proxy:3128",
                "http://us er:1",
                "http://user@proxy:3128"
            })
    void what_is_no_proxy_is_refused(String url) {
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> ProxyConfig.of(url))
                .withMessageContaining("write http://host:port");
    }

    @Test
    void secrets_are_not_shown() {
        assertThat(ProxyConfig.of("http://gate:s3cret@proxy:3128").toString())
                .isEqualTo("http://gate:redacted@proxy:3128");
        assertThat(new ConnectionConfig(
                                "c",
                                plainUrl(),
                                "Exchange2016",
                                new Auth.None(),
                                true,
                                Duration.ofSeconds(1),
                                1,
                                showing(store(clientPair)),
                                Optional.of(ProxyConfig.of("http://gate:s3cret@proxy:3128")))
                        .toString())
                .doesNotContain(PASSWORD, "s3cret");
    }

    private static void refused(EwsTlsConfig tls, String why) {
        assertThatExceptionOfType(UnreadableStoreException.class)
                .isThrownBy(tls::context)
                .withMessageContaining(why)
                .withMessageContaining(folder.toString());
    }

    private static EwsError error(EwsResult<SubscribeResult> answer) {
        return ((Refused<SubscribeResult>) answer).error();
    }

    private static EwsResult<SubscribeResult> send(URI url, EwsTlsConfig tls) {
        return send(url, tls, Optional.empty());
    }

    private static EwsResult<SubscribeResult> send(URI url, EwsTlsConfig tls, ProxyConfig proxy) {
        return send(url, tls, Optional.of(proxy));
    }

    private static EwsResult<SubscribeResult> send(URI url, EwsTlsConfig tls, Optional<ProxyConfig> proxy) {
        var config = new ConnectionConfig(
                "onprem", url, "Exchange2013_SP1", new Auth.None(), true, Duration.ofSeconds(20), 2, tls, proxy);
        try (var client = HttpEwsClient.connect(config, Clock.systemUTC())) {
            return client.send(ADA, SUBSCRIBE);
        }
    }

    private static StoreFile store(Path path) {
        return new StoreFile(path, Optional.of(PASSWORD));
    }

    private static EwsTlsConfig trusting(StoreFile store) {
        return new EwsTlsConfig(Optional.of(store), Optional.empty());
    }

    private static EwsTlsConfig showing(StoreFile store) {
        return new EwsTlsConfig(Optional.empty(), Optional.of(store));
    }

    private URI secureUrl(String host) {
        return URI.create("https://" + host + ":" + secure.getAddress().getPort() + "/EWS/Exchange.asmx");
    }

    private URI plainUrl() {
        return URI.create("http://127.0.0.1:" + plain.getAddress().getPort() + "/EWS/Exchange.asmx");
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        exchange.getRequestBody().readAllBytes();
        var body = bytes(GRANTED);
        exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
