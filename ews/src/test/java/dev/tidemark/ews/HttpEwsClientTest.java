package dev.tidemark.ews;

import static dev.tidemark.ews.SoapText.bytes;
import static dev.tidemark.ews.SoapText.envelope;
import static dev.tidemark.ews.message.EwsRequests.ADA;
import static dev.tidemark.ews.message.EwsRequests.SUBSCRIBE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.config.EwsTlsConfig;
import dev.tidemark.ews.message.ConnectingName;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsError.PermanentForConnection;
import dev.tidemark.ews.message.EwsError.PermanentForMailbox;
import dev.tidemark.ews.message.EwsError.RetryAfter;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.EwsResult.Refused;
import dev.tidemark.ews.message.EwsResult.Success;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests the client against a real server on loopback.
@Timeout(180)
class HttpEwsClientTest {
    private static final String GRANTED = envelope("<m:SubscribeResponse><m:ResponseMessages>"
            + "<m:SubscribeResponseMessage ResponseClass='Success'><m:ResponseCode>NoError</m:ResponseCode>"
            + "<m:SubscriptionId>sub-1</m:SubscriptionId><m:Watermark>wm-1</m:Watermark>"
            + "</m:SubscribeResponseMessage></m:ResponseMessages></m:SubscribeResponse>");

    private static final Success<SubscribeResult> SUCCESS =
            new Success<>(new SubscribeResult(new SubscriptionId("sub-1"), Optional.of(new Watermark("wm-1"))));

    private final CountDownLatch testDone = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        testDone.countDown();
        server.stop(0);
    }

    @Test
    void sends_one_soap_request_and_reads_its_answer() {
        var seen = new CompletableFuture<HttpExchange>();
        var sent = new CompletableFuture<String>();
        serve(exchange -> {
            sent.complete(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            seen.complete(exchange);
            answer(exchange, 200, bytes(GRANTED));
        });

        assertThat(send(config(new Auth.Basic("svc", "pä:ss"), true))).isEqualTo(SUCCESS);

        var headers = seen.join().getRequestHeaders();
        assertThat(seen.join().getRequestMethod()).isEqualTo("POST");
        assertThat(headers.getFirst("Content-Type")).isEqualToIgnoringCase("text/xml; charset=utf-8");
        assertThat(headers.getFirst("SOAPAction")).isEqualTo(SoapText.M + "/Subscribe");
        assertThat(headers.getFirst("X-AnchorMailbox")).isEqualTo("ada@example.com");
        assertThat(headers.getFirst("Authorization"))
                .isEqualTo("Basic " + Base64.getEncoder().encodeToString(bytes("svc:pä:ss")));
        assertThat(sent.join())
                .contains("<t:RequestServerVersion Version=\"Exchange2013_SP1\"")
                .contains("<t:SmtpAddress>ada@example.com</t:SmtpAddress>");
    }

    @Test
    void names_no_mailbox_without_impersonation_and_no_account_without_auth() {
        var seen = new CompletableFuture<HttpExchange>();
        var sent = new CompletableFuture<String>();
        serve(exchange -> {
            sent.complete(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            seen.complete(exchange);
            answer(exchange, 200, bytes(GRANTED));
        });

        assertThat(send(config(new Auth.None(), false))).isEqualTo(SUCCESS);

        assertThat(seen.join().getRequestHeaders()).doesNotContainKeys("X-anchormailbox", "Authorization", "Cookie");
        assertThat(sent.join()).doesNotContain("ExchangeImpersonation");
    }

    /// HTTP would replace characters beyond ASCII by question marks.
    @ParameterizedTest
    @ValueSource(strings = {"jos\u00e9@example.com", "\ufeffada@example.com", "ada@ex\u00e4mple.com"})
    void an_address_beyond_ascii_is_no_anchor(String address) {
        var seen = new CompletableFuture<HttpExchange>();
        serve(exchange -> {
            seen.complete(exchange);
            answer(exchange, 200, bytes(GRANTED));
        });
        try (var client = HttpEwsClient.connect(config(new Auth.None(), true), Clock.systemUTC())) {
            assertThat(client.send(new MailboxAddress(address), SUBSCRIBE)).isEqualTo(SUCCESS);
        }
        assertThat(seen.join().getRequestHeaders()).doesNotContainKey("X-anchormailbox");
    }

    @Test
    void a_group_is_kept_on_the_server_that_its_first_answer_names() {
        var seen = new CopyOnWriteArrayList<Headers>();
        serve(exchange -> {
            seen.add(exchange.getRequestHeaders());
            exchange.getResponseHeaders().add("Set-Cookie", "exchangecookie=7d0c; path=/");
            exchange.getResponseHeaders()
                    .add("Set-Cookie", "X-BackEndOverrideCookie=ex02.example.com~1943310282; path=/; secure; HttpOnly");
            answer(exchange, 200, bytes(GRANTED));
        });
        var affinity = new ServerAffinity(ADA);

        try (var client = HttpEwsClient.connect(config(new Auth.None(), true), Clock.systemUTC())) {
            assertThat(client.send(ADA, SUBSCRIBE, affinity)).isEqualTo(SUCCESS);
            assertThat(client.send(new MailboxAddress("eve@example.com"), SUBSCRIBE, affinity))
                    .isEqualTo(SUCCESS);
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }

        assertThat(seen.get(0).getFirst("X-PreferServerAffinity")).isEqualTo("true");
        assertThat(seen.get(0)).doesNotContainKey("Cookie");
        assertThat(seen.get(1).getFirst("X-AnchorMailbox")).isEqualTo("ada@example.com");
        assertThat(seen.get(1).get("Cookie")).containsExactly("X-BackEndOverrideCookie=ex02.example.com~1943310282");
        assertThat(seen.get(2)).doesNotContainKeys("Cookie", "X-preferserveraffinity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-BackEndOverrideCookie=", "X-BackEndOverrideCookie=a b", "X-BackEndOverrideCookie=\"a\""})
    void a_cookie_that_no_server_sets_is_not_sent_back(String cookie) {
        var sentBack = new AtomicInteger();
        serve(exchange -> {
            sentBack.addAndGet(exchange.getRequestHeaders().containsKey("Cookie") ? 1 : 0);
            exchange.getResponseHeaders().add("Set-Cookie", cookie);
            answer(exchange, 200, bytes(GRANTED));
        });
        var affinity = new ServerAffinity(ADA);

        try (var client = HttpEwsClient.connect(config(new Auth.None(), true), Clock.systemUTC())) {
            client.send(ADA, SUBSCRIBE, affinity);
            client.send(ADA, SUBSCRIBE, affinity);
        }

        assertThat(sentBack).hasValue(0);
    }

    @Test
    void reads_a_compressed_answer() throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(zipped)) {
            zip.write(bytes(GRANTED));
        }
        serve(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            answer(exchange, 200, zipped.toByteArray());
        });

        assertThat(send()).isEqualTo(SUCCESS);
    }

    @Test
    void a_fault_in_an_http_500_is_read_first() {
        serve(
                exchange -> answer(
                        exchange,
                        500,
                        bytes(
                                envelope(
                                        "<soap11:Fault><faultcode>a:ErrorServerBusy</faultcode>"
                                                + "<faultstring>Later.</faultstring><detail><t:MessageXml>"
                                                + "<t:Value Name='BackOffMilliseconds'>3000</t:Value></t:MessageXml></detail></soap11:Fault>"))));

        assertThat(send())
                .isEqualTo(new Refused<>(new RetryAfter(
                        new ResponseCode("ErrorServerBusy"), "Later.", Optional.of(Duration.ofSeconds(3)))));
    }

    @Test
    void an_http_500_without_a_fault_may_pass() {
        serve(exchange -> answer(exchange, 500, bytes("Server Error in '/EWS' Application.")));

        assertThat(error())
                .isInstanceOf(RetryAfter.class)
                .returns("Http500", error -> error.code().value());
    }

    @Test
    void a_busy_server_is_asked_once_and_its_wait_is_passed_on() {
        serve(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "2");
            answer(exchange, 503, new byte[0]);
        });

        assertThat(error())
                .isInstanceOfSatisfying(
                        RetryAfter.class, error -> assertThat(error.backOff()).contains(Duration.ofSeconds(2)));
        assertThat(requests).hasValue(1);
    }

    @Test
    void refused_credentials_are_sent_once() {
        serve(exchange -> {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"EWS\"");
            answer(exchange, 401, new byte[0]);
        });

        assertThat(error()).isInstanceOf(PermanentForConnection.class);
        assertThat(requests).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void a_redirection_is_not_followed(int status) {
        serve(exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            answer(exchange, status, new byte[0]);
        });

        assertThat(error().code().value()).isEqualTo("Http" + status);
        assertThat(requests).hasValue(1);
    }

    @Test
    void a_cookie_is_not_kept() {
        var cookies = new AtomicInteger();
        serve(exchange -> {
            if (exchange.getRequestHeaders().containsKey("Cookie")) {
                cookies.incrementAndGet();
            }
            exchange.getResponseHeaders().set("Set-Cookie", "exchangecookie=1; path=/");
            answer(exchange, 200, bytes(GRANTED));
        });

        try (var client = HttpEwsClient.connect(config(new Auth.None(), true), Clock.systemUTC())) {
            client.send(ADA, SUBSCRIBE);
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }
        assertThat(cookies).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "garbage", "<html>sign in</html>", "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///x'>]><a>&e;</a>"
            })
    void an_answer_that_is_none_may_pass(String body) {
        serve(exchange -> answer(exchange, 200, bytes(body)));

        assertThat(error())
                .isInstanceOf(RetryAfter.class)
                .returns("HttpUnreadable", error -> error.code().value());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><<",
                "<?xml version='1.0' encoding='utf-8'?>\r\n<soap:Envelope",
                "\ufeff<Envelope xmlns='http://schemas.xmlsoap.org/soap/envelope/'></Body>"
            })
    void an_answer_of_ews_that_is_damaged_is_no_page_of_something_else(String body) {
        serve(exchange -> answer(exchange, 200, bytes(body)));

        assertThat(error())
                .isInstanceOf(RetryAfter.class)
                .returns("HttpDamagedMessage", error -> error.code().value());
    }

    @Test
    void an_answer_without_end_is_not_read_to_the_end() {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            var block = new byte[64 * 1024];
            try (var body = exchange.getResponseBody()) {
                while (testDone.getCount() > 0) {
                    body.write(block);
                }
            }
        });

        assertThat(error().code().value()).isEqualTo("HttpTooLarge");
    }

    @Test
    void a_compressed_answer_that_unpacks_to_too_much_is_not_unpacked_to_the_end() throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(zipped)) {
            zip.write(bytes("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>"));
            var block = new byte[1024 * 1024];
            Arrays.fill(block, (byte) ' ');
            for (var unpacked = 0; unpacked <= PostRequest.MAX_RESPONSE; unpacked += block.length) {
                zip.write(block);
            }
        }
        serve(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            answer(exchange, 200, zipped.toByteArray());
        });

        assertThat(zipped.size()).isLessThan(PostRequest.MAX_RESPONSE / 100);
        assertThat(error().code().value()).isEqualTo("HttpTooLarge");
    }

    @Test
    void an_answer_that_nests_without_end_is_refused() {
        serve(exchange -> answer(
                exchange,
                200,
                bytes("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>" + "<a>".repeat(1_000_000))));

        assertThat(error())
                .isInstanceOf(RetryAfter.class)
                .returns("HttpDamagedMessage", error -> error.code().value());
    }

    @Test
    void an_answer_that_breaks_off_may_pass() {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 10_000);
            exchange.getResponseBody().write(bytes("<s:Envelope"));
            exchange.close();
        });

        assertThat(error())
                .isInstanceOf(RetryAfter.class)
                .returns("ConnectionBroken", error -> error.code().value());
    }

    @Test
    void a_mailbox_without_its_sid_is_no_request_until_the_list_has_it() {
        var requests = new AtomicInteger();
        var sids = new ConcurrentHashMap<MailboxAddress, String>();
        serve(exchange -> {
            requests.incrementAndGet();
            answer(exchange, 200, bytes(GRANTED));
        });
        var bySid = new ConnectionConfig(
                "onprem",
                url(),
                "Exchange2013_SP1",
                new Auth.None(),
                true,
                Duration.ofSeconds(30),
                2,
                EwsTlsConfig.DEFAULT,
                Optional.empty(),
                ConnectingName.SID,
                mailbox -> Optional.ofNullable(sids.get(mailbox)));

        try (var client = HttpEwsClient.connect(bySid, Clock.systemUTC())) {
            assertThat(((Refused<SubscribeResult>) client.send(ADA, SUBSCRIBE)).error())
                    .isInstanceOf(PermanentForMailbox.class)
                    .returns("UnknownSid", error -> error.code().value());
            assertThat(requests).hasValue(0);
            sids.put(ADA, "S-1-5-21-1");
            assertThat(client.send(ADA, SUBSCRIBE)).isEqualTo(SUCCESS);
        }
    }

    @Test
    void a_silent_server_times_out() {
        serve(exchange -> await());
        var hasty = new ConnectionConfig(
                "onprem", url(), "Exchange2013_SP1", new Auth.None(), true, Duration.ofMillis(500), 2);

        assertThat(((Refused<SubscribeResult>) send(hasty)).error())
                .isInstanceOf(RetryAfter.class)
                .returns("ConnectionTimeout", error -> error.code().value());
    }

    @Test
    void an_unused_port_is_temporary() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        var answer = send(config(URI.create("http://127.0.0.1:" + port + "/"), new Auth.None(), true));

        assertThat(((Refused<SubscribeResult>) answer).error())
                .isInstanceOf(RetryAfter.class)
                .returns("ConnectionRefused", error -> error.code().value());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_interrupt_ends_the_request_and_stays_known(boolean virtual) throws Exception {
        var reached = new CountDownLatch(1);
        serve(exchange -> {
            reached.countDown();
            await();
        });
        var patient = new ConnectionConfig(
                "onprem", url(), "Exchange2013_SP1", new Auth.None(), true, Duration.ofMinutes(5), 2);
        var outcome = new CompletableFuture<EwsResult<SubscribeResult>>();
        var flag = new CompletableFuture<Boolean>();

        try (var client = HttpEwsClient.connect(patient, Clock.systemUTC())) {
            var caller = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
            var thread = caller.start(() -> {
                outcome.complete(client.send(ADA, SUBSCRIBE));
                flag.complete(Thread.currentThread().isInterrupted());
            });
            assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();
            thread.interrupt();

            assertThat(((Refused<SubscribeResult>) outcome.get(30, TimeUnit.SECONDS))
                            .error()
                            .code()
                            .value())
                    .isEqualTo("ConnectionInterrupted");
            assertThat(flag.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closing_ends_requests_under_way_and_refuses_later_ones() throws Exception {
        var reached = new CountDownLatch(1);
        serve(exchange -> {
            reached.countDown();
            await();
        });
        var outcome = new CompletableFuture<EwsResult<SubscribeResult>>();
        var client = HttpEwsClient.connect(
                new ConnectionConfig(
                        "onprem", url(), "Exchange2013_SP1", new Auth.None(), true, Duration.ofMinutes(5), 2),
                Clock.systemUTC());
        Thread.ofVirtual().start(() -> outcome.complete(client.send(ADA, SUBSCRIBE)));
        assertThat(reached.await(30, TimeUnit.SECONDS)).isTrue();

        client.close();

        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(Refused.class);
        assertThat(((Refused<SubscribeResult>) client.send(ADA, SUBSCRIBE))
                        .error()
                        .code()
                        .value())
                .isEqualTo("ConnectionClosed");
    }

    private EwsError error() {
        return ((Refused<SubscribeResult>) send()).error();
    }

    private EwsResult<SubscribeResult> send() {
        return send(config(new Auth.None(), true));
    }

    private static EwsResult<SubscribeResult> send(ConnectionConfig config) {
        try (var client = HttpEwsClient.connect(config, Clock.systemUTC())) {
            return client.send(ADA, SUBSCRIBE);
        }
    }

    private void serve(HttpHandler handler) {
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            handler.handle(exchange);
        });
    }

    private void await() {
        try {
            testDone.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/EWS/Exchange.asmx");
    }

    private ConnectionConfig config(Auth auth, boolean impersonation) {
        return config(url(), auth, impersonation);
    }

    private static ConnectionConfig config(URI url, Auth auth, boolean impersonation) {
        return new ConnectionConfig("onprem", url, "Exchange2013_SP1", auth, impersonation, Duration.ofSeconds(30), 2);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }
}
