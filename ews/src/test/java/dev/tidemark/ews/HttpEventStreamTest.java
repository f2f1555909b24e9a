package dev.tidemark.ews;

import static dev.tidemark.ews.SoapText.bytes;
import static dev.tidemark.ews.SoapText.envelope;
import static dev.tidemark.ews.message.EwsRequests.ADA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.ews.codec.EwsRequestWriter;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EventStream.StreamStep;
import dev.tidemark.ews.message.EventStream.StreamStep.Arrived;
import dev.tidemark.ews.message.EventStream.StreamStep.Ended;
import dev.tidemark.ews.message.EventStream.StreamStep.Lost;
import dev.tidemark.ews.message.EwsError.ResubscribeFromWatermark;
import dev.tidemark.ews.message.EwsError.RetryAfter;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsRequest.UnsubscribeResult;
import dev.tidemark.ews.message.EwsResult.Refused;
import dev.tidemark.ews.message.EwsResult.Success;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SubscriptionId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests streams against a real server that writes an envelope on each command of the test.
@Timeout(180)
class HttpEventStreamTest {
    private static final GetStreamingEvents REQUEST = new GetStreamingEvents(
            List.of(new SubscriptionId("sub-1"), new SubscriptionId("sub-2")), Duration.ofMinutes(30));

    private static final String ALIVE = message("Success", "<m:ConnectionStatus>OK</m:ConnectionStatus>");
    private static final String CLOSED = message("Success", "<m:ConnectionStatus>Closed</m:ConnectionStatus>");
    private static final String END = "";

    private final BlockingQueue<String> toSend = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> body = new CompletableFuture<>();
    private final CompletableFuture<HttpExchange> seen = new CompletableFuture<>();
    private HttpServer server;
    private HttpEwsClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        client = HttpEwsClient.connect(
                new ConnectionConfig(
                        "onprem",
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/EWS/Exchange.asmx"),
                        "Exchange2013_SP1",
                        new Auth.None(),
                        true,
                        Duration.ofSeconds(20),
                        1),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        toSend.add(END);
        client.close();
        server.stop(0);
    }

    @Test
    void each_envelope_is_given_as_it_comes() throws Exception {
        serve(this::envelopes);
        toSend.add(ALIVE);

        try (var stream = open()) {
            assertThat(stream.next()).isEqualTo(new Arrived(List.of()));

            toSend.add(news("m", "sub-1", "item-1"));
            assertThat(stream.next())
                    .isInstanceOfSatisfying(
                            Arrived.class,
                            arrived -> assertThat(arrived.notifications())
                                    .map(Notification::subscriptionId)
                                    .containsExactly(new SubscriptionId("sub-1")));

            toSend.add("\n" + news("t", "sub-2", "item-2") + CLOSED);
            assertThat(stream.next())
                    .isInstanceOfSatisfying(
                            Arrived.class,
                            arrived -> assertThat(arrived.notifications())
                                    .map(Notification::subscriptionId)
                                    .containsExactly(new SubscriptionId("sub-2")));
            assertThat(stream.next()).isEqualTo(new Ended(Optional.empty()));
            assertThat(stream.next()).isEqualTo(new Ended(Optional.empty()));
        }
    }

    /// Ends the first piece within the reference.
    @Test
    void a_forbidden_character_may_come_in_pieces() throws Exception {
        serve(this::envelopes);
        var news = news("m", "sub-1", "item&#x1F;-1");
        var cut = news.indexOf("&#x1F;") + 3;
        toSend.add(news.substring(0, cut));
        toSend.add(news.substring(cut) + ALIVE);

        try (var stream = open()) {
            assertThat(stream.next())
                    .isInstanceOfSatisfying(
                            Arrived.class,
                            arrived -> assertThat(arrived.notifications().toString())
                                    .contains("item\uFFFD-1"));
            assertThat(stream.next()).isEqualTo(new Arrived(List.of()));
        }
    }

    @Test
    void an_event_without_an_item_costs_the_stream_nothing() throws Exception {
        serve(this::envelopes);
        toSend.add(news("m", "sub-1", "") + news("m", "sub-1", "item-2"));

        try (var stream = open()) {
            assertThat(stream.next()).isInstanceOf(Arrived.class);
            assertThat(stream.next())
                    .isInstanceOfSatisfying(
                            Arrived.class,
                            arrived -> assertThat(arrived.notifications().toString())
                                    .contains("item-2"));
        }
    }

    @Test
    void asks_for_the_subscriptions_in_the_mailbox_s_name() throws Exception {
        serve(this::envelopes);
        toSend.add(CLOSED);

        try (var stream = open()) {
            assertThat(stream.next()).isEqualTo(new Ended(Optional.empty()));
        }

        assertThat(seen.join().getRequestHeaders().getFirst("SOAPAction"))
                .isEqualTo(SoapText.M + "/GetStreamingEvents");
        assertThat(seen.join().getRequestHeaders().getFirst("X-AnchorMailbox")).isEqualTo("ada@example.com");
        assertThat(body.join())
                .contains("<m:SubscriptionIds><t:SubscriptionId>sub-1</t:SubscriptionId>"
                        + "<t:SubscriptionId>sub-2</t:SubscriptionId></m:SubscriptionIds>"
                        + "<m:ConnectionTimeout>30</m:ConnectionTimeout>");
    }

    @Test
    void the_request_keeps_to_the_schema() throws Exception {
        EwsSchemaChecker.assertValid(new EwsRequestWriter("Exchange2013_SP1").write(REQUEST, Optional.of(ADA)));
    }

    @Test
    void an_open_stream_takes_no_connection_from_requests() throws Exception {
        serve(exchange -> {
            if (exchange.getRequestHeaders().getFirst("SOAPAction").endsWith("GetStreamingEvents")) {
                envelopes(exchange);
            } else {
                answer(
                        exchange,
                        200,
                        envelope("<m:UnsubscribeResponse><m:ResponseMessages>"
                                + "<m:UnsubscribeResponseMessage ResponseClass='Success'/>"
                                + "</m:ResponseMessages></m:UnsubscribeResponse>"));
            }
        });
        toSend.add(ALIVE);

        try (var stream = open()) {
            assertThat(stream.next()).isEqualTo(new Arrived(List.of()));
            assertThat(client.send(ADA, new EwsRequest.Unsubscribe(new SubscriptionId("sub-1"))))
                    .isEqualTo(new Success<>(new UnsubscribeResult()));
        }
    }

    @Test
    void a_lost_subscription_leaves_the_others_on() throws Exception {
        serve(this::envelopes);
        toSend.add(message(
                "Error",
                "<m:ResponseCode>ErrorSubscriptionNotFound</m:ResponseCode><m:ErrorSubscriptionIds>"
                        + "<m:SubscriptionId>sub-2</m:SubscriptionId></m:ErrorSubscriptionIds>"
                        + "<m:ConnectionStatus>OK</m:ConnectionStatus>"));
        toSend.add(ALIVE);

        try (var stream = open()) {
            assertThat(stream.next()).isInstanceOfSatisfying(Lost.class, lost -> {
                assertThat(lost.error()).isInstanceOf(ResubscribeFromWatermark.class);
                assertThat(lost.subscriptions()).containsExactly(new SubscriptionId("sub-2"));
            });
            assertThat(stream.next()).isEqualTo(new Arrived(List.of()));
        }
    }

    @Test
    void a_fault_in_the_stream_ends_it_with_its_reason() throws Exception {
        serve(this::envelopes);
        toSend.add(busy());

        try (var stream = open()) {
            assertThat(stream.next())
                    .isEqualTo(new Ended(Optional.of(new RetryAfter(
                            new ResponseCode("ErrorServerBusy"), "Later.", Optional.of(Duration.ofSeconds(3))))));
        }
    }

    @Test
    void a_fault_instead_of_a_stream_refuses_it() {
        serve(exchange -> answer(exchange, 500, busy()));

        assertThat(client.stream(ADA, REQUEST))
                .isEqualTo(new Refused<>(new RetryAfter(
                        new ResponseCode("ErrorServerBusy"), "Later.", Optional.of(Duration.ofSeconds(3)))));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 500, 503})
    void so_does_a_status(int status) {
        serve(exchange -> answer(exchange, status, "no"));

        assertThat(((Refused<EventStream>) client.stream(ADA, REQUEST))
                        .error()
                        .code()
                        .value())
                .isEqualTo("Http" + status);
    }

    @Test
    void a_stream_that_ends_without_a_word_is_broken() throws Exception {
        serve(this::envelopes);
        toSend.add(ALIVE);
        toSend.add("<s:Envelope");
        toSend.add(END);

        try (var stream = open()) {
            assertThat(stream.next()).isEqualTo(new Arrived(List.of()));
            assertThat(cause(stream.next())).isEqualTo("ConnectionBroken");
        }
    }

    @Test
    void what_is_no_envelope_ends_the_stream() throws Exception {
        serve(this::envelopes);
        toSend.add("<html>sign in</html>");

        try (var stream = open()) {
            assertThat(cause(stream.next())).isEqualTo("HttpUnreadable");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closing_from_another_thread_ends_the_wait(boolean wholeClient) throws Exception {
        serve(this::envelopes);
        toSend.add(ALIVE);
        var stream = open();
        assertThat(stream.next()).isEqualTo(new Arrived(List.of()));
        var waiting = new CountDownLatch(1);
        var step = new CompletableFuture<StreamStep>();
        Thread.ofPlatform().start(() -> {
            waiting.countDown();
            step.complete(stream.next());
        });
        assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();

        if (wholeClient) {
            client.close();
        } else {
            stream.close();
        }

        assertThat(step.get(30, TimeUnit.SECONDS)).isInstanceOf(Ended.class);
        assertThat(stream.next()).isInstanceOf(Ended.class);
    }

    @Test
    void an_interrupt_ends_a_virtual_thread_s_wait() throws Exception {
        serve(this::envelopes);
        toSend.add(ALIVE);
        var step = new CompletableFuture<StreamStep>();
        var waiting = new CountDownLatch(1);
        try (var stream = open()) {
            var thread = Thread.ofVirtual().start(() -> {
                assertThat(stream.next()).isEqualTo(new Arrived(List.of()));
                waiting.countDown();
                step.complete(stream.next());
            });
            assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();
            thread.interrupt();

            assertThat(cause(step.get(30, TimeUnit.SECONDS))).isEqualTo("ConnectionInterrupted");
        }
    }

    @Test
    void a_closed_client_opens_no_stream() {
        client.close();

        assertThat(((Refused<EventStream>) client.stream(ADA, REQUEST))
                        .error()
                        .code()
                        .value())
                .isEqualTo("ConnectionClosed");
    }

    @Test
    void more_than_exchange_serves_is_not_asked_for() {
        var id = new SubscriptionId("s");
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new GetStreamingEvents(Collections.nCopies(201, id), Duration.ofMinutes(1)));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new GetStreamingEvents(List.of(), Duration.ofMinutes(1)));
        assertThatExceptionOfType(InvalidValueException.class)
                .isThrownBy(() -> new GetStreamingEvents(List.of(id), Duration.ofMinutes(31)));
    }

    private EventStream open() {
        return ((Success<EventStream>) client.stream(ADA, REQUEST)).value();
    }

    private static String cause(StreamStep step) {
        return ((Ended) step).cause().orElseThrow().code().value();
    }

    private void serve(HttpHandler handler) {
        server.createContext("/", handler);
    }

    /// Sends the pieces that the test puts into the queue, until it puts the end.
    private void envelopes(HttpExchange exchange) throws IOException {
        body.complete(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        seen.complete(exchange);
        exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        try (var out = exchange.getResponseBody()) {
            for (var next = toSend.take(); !next.equals(END); next = toSend.take()) {
                out.write(bytes(next));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        exchange.getRequestBody().readAllBytes();
        var body = bytes(text);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String message(String responseClass, String parts) {
        return envelope("<m:GetStreamingEventsResponse><m:ResponseMessages>"
                + "<m:GetStreamingEventsResponseMessage ResponseClass='" + responseClass + "'>" + parts
                + "</m:GetStreamingEventsResponseMessage></m:ResponseMessages></m:GetStreamingEventsResponse>");
    }

    private static String news(String prefix, String subscription, String item) {
        return message(
                "Success",
                "<m:ResponseCode>NoError</m:ResponseCode><m:Notifications><" + prefix + ":Notification>"
                        + "<t:SubscriptionId>" + subscription + "</t:SubscriptionId>"
                        + "<t:NewMailEvent><t:TimeStamp>2026-03-01T10:20:30Z</t:TimeStamp><t:ItemId Id='" + item
                        + "'/><t:ParentFolderId Id='f'/></t:NewMailEvent></" + prefix
                        + ":Notification></m:Notifications>");
    }

    private static String busy() {
        return envelope("<soap11:Fault><faultcode>a:ErrorServerBusy</faultcode>"
                + "<faultstring>Later.</faultstring><detail><t:MessageXml>"
                + "<t:Value Name='BackOffMilliseconds'>3000</t:Value></t:MessageXml></detail></soap11:Fault>");
    }
}
