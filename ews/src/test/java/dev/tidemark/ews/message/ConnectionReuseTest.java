package dev.tidemark.ews.message;

import static dev.tidemark.authservers.CertificateGenerator.PASSWORD;
import static dev.tidemark.ews.SoapText.bytes;
import static dev.tidemark.ews.SoapText.envelope;
import static dev.tidemark.ews.message.EwsRequests.ADA;
import static dev.tidemark.ews.message.EwsRequests.SUBSCRIBE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.authservers.CertificateGenerator;
import dev.tidemark.authservers.StubProxy;
import dev.tidemark.ews.ClosingServer;
import dev.tidemark.ews.ClosingServer.Ending;
import dev.tidemark.ews.HttpEwsClient;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.config.EwsTlsConfig;
import dev.tidemark.ews.config.EwsTlsConfig.StoreFile;
import dev.tidemark.ews.message.EwsResult.Refused;
import dev.tidemark.ews.message.EwsResult.Success;
import dev.tidemark.http.ConnectionReuse;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Tests the client against a server that closes kept connections without an announcement.
@Timeout(180)
class ConnectionReuseTest {
    private static final String GRANTED = envelope("<m:SubscribeResponse><m:ResponseMessages>"
            + "<m:SubscribeResponseMessage ResponseClass='Success'><m:ResponseCode>NoError</m:ResponseCode>"
            + "<m:SubscriptionId>sub-1</m:SubscriptionId><m:Watermark>wm-1</m:Watermark>"
            + "</m:SubscribeResponseMessage></m:ResponseMessages></m:SubscribeResponse>");

    private static final Success<SubscribeResult> SUCCESS =
            new Success<>(new SubscribeResult(new SubscriptionId("sub-1"), Optional.of(new Watermark("wm-1"))));

    /// Request that may be sent again unchanged.
    private static final EwsCall<SubscribeResult> REPEATABLE =
            new EwsCall.SubscribeStreaming(List.of(new FolderRef.Distinguished("inbox")), Set.of(ChangeKind.NEW_MAIL));

    private Duration timeout = Duration.ofSeconds(60);
    private ClosingServer server;

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"CLOSE", "RESET"})
    void a_request_that_met_a_closed_connection_is_sent_again_at_once_on_a_new_one(Ending ending) throws IOException {
        serve(request -> isSecond(request) ? ending : Ending.ANSWER);
        try (var client = client()) {
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
        }
        assertThat(server.seen()).containsExactly("1.1", "1.2", "2.1");
    }

    @Test
    void a_server_that_closes_after_each_answer_gets_each_request_once() throws IOException {
        serve(request -> Ending.ANSWER_AND_CLOSE);
        try (var client = client()) {
            for (var i = 0; i < 10; i++) {
                // the client finds the end before use, or the server closes the connection before it reads the
                // request
                assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
            }
        }
        assertThat(server.seen()).hasSize(10).allMatch(seen -> seen.endsWith(".1"));
    }

    @Test
    void a_subscribe_is_not_sent_again_but_returned_to_the_caller() throws IOException {
        serve(request -> isSecond(request) ? Ending.CLOSE : Ending.ANSWER);
        try (var client = client()) {
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            assertThat(code(client.send(ADA, SUBSCRIBE))).isEqualTo("ConnectionStale");
            assertThat(client.sendOnNewConnection(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }
        assertThat(server.seen()).containsExactly("1.1", "1.2", "2.1");
    }

    @Test
    void a_request_that_changes_items_is_sent_once_on_a_new_connection() throws IOException {
        serve(request -> request.connection() == 1 ? Ending.ANSWER : Ending.CLOSE);
        try (var client = client()) {
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
            var create = new EwsCall.CreateMessage(new FolderRef.Distinguished("inbox"), "canary");
            assertThat(client.send(ADA, create)).isInstanceOf(Refused.class);
            assertThat(client.send(ADA, new EwsCall.DeleteItem(ItemId.of("item-1"))))
                    .isInstanceOf(Refused.class);
        }
        assertThat(server.seen()).containsExactly("1.1", "2.1", "3.1");
    }

    @Test
    void a_new_connection_is_new_even_if_others_are_kept() throws IOException {
        serve(request -> Ending.ANSWER);
        try (var client = client()) {
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            assertThat(client.sendOnNewConnection(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
            assertThat(client.sendOnNewConnection(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }
        assertThat(server.seen()).containsExactly("1.1", "2.1", "3.1");
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"CLOSE", "RESET"})
    void nothing_is_sent_again_that_failed_on_a_new_connection(Ending ending) throws IOException {
        serve(request -> ending);
        try (var client = client()) {
            assertThat(code(client.send(ADA, REPEATABLE))).isEqualTo("ConnectionBroken");
        }
        assertThat(server.seen()).containsExactly("1.1");
    }

    @Test
    void a_request_is_sent_again_only_once() throws IOException {
        serve(request -> request.connection() == 1 && request.number() == 1 ? Ending.ANSWER : Ending.CLOSE);
        try (var client = client()) {
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
            assertThat(code(client.send(ADA, REPEATABLE))).isEqualTo("ConnectionBroken");
        }
        assertThat(server.seen()).containsExactly("1.1", "1.2", "2.1");
    }

    @Test
    void nothing_is_sent_again_once_a_byte_was_answered() throws IOException {
        serve(request -> isSecond(request) ? Ending.BEGIN_AND_CLOSE : Ending.ANSWER);
        try (var client = client()) {
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
            assertThat(code(client.send(ADA, REPEATABLE))).isEqualTo("ConnectionBroken");
        }
        assertThat(server.seen()).containsExactly("1.1", "1.2");
    }

    @Test
    void nothing_is_sent_again_to_a_server_that_is_slow() throws IOException {
        timeout = Duration.ofMillis(300);
        serve(request -> isSecond(request) ? Ending.SILENCE : Ending.ANSWER);
        try (var client = client()) {
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
            assertThat(code(client.send(ADA, REPEATABLE))).isEqualTo("ConnectionTimeout");
        }
        assertThat(server.seen()).containsExactly("1.1", "1.2");
    }

    /// Both had a connection before, so both find a closed one in the pool.
    @Test
    void requests_at_the_same_time_each_get_a_new_connection() throws Exception {
        var both = new CountDownLatch(2);
        serve(request -> {
            if (isSecond(request)) {
                return Ending.CLOSE;
            }
            both.countDown();
            awaitQuietly(both);
            return Ending.ANSWER;
        });
        try (var client = client();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var round = 0; round < 2; round++) {
                var first = threads.submit(() -> client.send(ADA, REPEATABLE));
                var second = threads.submit(() -> client.send(ADA, REPEATABLE));
                assertThat(first.get()).isEqualTo(SUCCESS);
                assertThat(second.get()).isEqualTo(SUCCESS);
            }
        }
        assertThat(server.seen()).contains("1.1", "2.1");
        assertThat(server.seen().stream().filter(seen -> seen.endsWith(".1"))).hasSizeBetween(3, 4);
    }

    /// Some proxies send a 408 before they close an unused connection.
    @Test
    void a_timeout_response_that_came_without_a_request_is_no_answer() throws IOException {
        serve(request -> request.connection() == 1 ? Ending.ANSWER_THEN_TIMEOUT_RESPONSE : Ending.ANSWER);
        try (var client = client()) {
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
        }
        assertThat(server.seen()).containsExactly("1.1", "2.1");
    }

    @Test
    void autodiscover_is_asked_again_on_a_new_connection() throws IOException {
        serve(request -> isSecond(request) ? Ending.CLOSE : Ending.ANSWER);
        try (var client = client()) {
            client.userSettings(ADA, bytes("<first/>"));
            client.userSettings(ADA, bytes("<second/>"));
        }
        assertThat(server.seen()).containsExactly("1.1", "1.2", "2.1");
        assertThat(server.requests()).extracting(ClosingServer.Request::body).endsWith("<second/>", "<second/>");
    }

    @Test
    void so_is_a_service_behind_tls_and_a_tunnel(@TempDir Path folder) throws IOException {
        var keytool = new CertificateGenerator(folder);
        var pair = keytool.pair("server", "pkcs12");
        var trust = new EwsTlsConfig(Optional.of(store(keytool.trust(keytool.pem(pair), "pkcs12"))), Optional.empty());
        var socket = new EwsTlsConfig(Optional.empty(), Optional.of(store(pair)))
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server = new ClosingServer(socket, GRANTED, request -> isSecond(request) ? Ending.CLOSE : Ending.ANSWER);
        try (var proxy = new StubProxy();
                var client = client("https", trust, Optional.of(ProxyConfig.of("http://127.0.0.1:" + proxy.port())))) {
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
            assertThat(client.send(ADA, REPEATABLE)).isEqualTo(SUCCESS);
            assertThat(proxy.requests).hasSize(2).allMatch(request -> request.startsWith("CONNECT "));
        }
        assertThat(server.seen()).containsExactly("1.1", "1.2", "2.1");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 30000",
        "timeout=5, 4000",
        "'timeout=5, max=100', 4000",
        "'max=100, timeout=20', 19000",
        "timeout=1, 500",
        "timeout=300, 30000",
        "timeout=9223372036854775807, 30000",
        "timeout=99999999999999999999, 30000",
        "timeout=soon, 30000",
        "timeout, 30000",
        "timeout=0, 0",
        "timeout=-5, 0"
    })
    void a_connection_is_kept_as_long_as_the_server_keeps_it_and_no_longer_than_half_a_minute(
            String told, long milliseconds) throws IOException {
        serve(request -> Ending.ANSWER);
        var response = new BasicHttpResponse(200);
        if (!told.isEmpty()) {
            response.setHeader("Keep-Alive", told);
        }
        assertThat(ConnectionReuse.keepAlive(response, HttpClientContext.create())
                        .toMilliseconds())
                .isEqualTo(milliseconds);
    }

    private static boolean isSecond(ClosingServer.Request request) {
        return request.number() == 2;
    }

    private void serve(ClosingServer.Script script) throws IOException {
        server = new ClosingServer(GRANTED, script);
    }

    private HttpEwsClient client() {
        return client("http", EwsTlsConfig.DEFAULT, Optional.empty());
    }

    private HttpEwsClient client(String scheme, EwsTlsConfig tls, Optional<ProxyConfig> proxy) {
        var url = URI.create(scheme + "://127.0.0.1:" + server.port() + "/EWS/Exchange.asmx");
        return HttpEwsClient.connect(
                new ConnectionConfig("onprem", url, "Exchange2013_SP1", new Auth.None(), true, timeout, 2, tls, proxy),
                Clock.systemUTC());
    }

    private static StoreFile store(Path path) {
        return new StoreFile(path, Optional.of(PASSWORD));
    }

    private static String code(EwsResult<?> answer) {
        return ((Refused<?>) answer).error().code().value();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
