package dev.tidemark.listener;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Repeats requests that users of other servers reported, byte by byte. Each test names its report.
class CallerReportsTest {
    private static final String MAIL = CallbackBodies.newMail("w1", "w2", "item-1");
    private static final int SIZE = MAIL.getBytes(UTF_8).length;
    private static final String HEX = Integer.toHexString(SIZE);
    private static final String TYPE = "Content-Type: text/xml; charset=utf-8\r\n";
    private static final String LENGTH = "Content-Length: " + SIZE + "\r\n";
    private static final String BODY = TYPE + LENGTH + "\r\n" + MAIL;
    private static final String PATH = RunningListener.path();
    private static final String POST = "POST " + PATH + " HTTP/1.1\r\n";
    private static final String HOST = "Host: push.example.com\r\n";

    static Stream<String> callbacks() {
        return Stream.of(
                // jetty/jetty.project #5734: HTTP/1.0 names no host
                "POST " + PATH + " HTTP/1.0\r\n" + BODY,
                // jetty/jetty.project #9343: a proxy forwards the absolute target, with its own name as Host
                "POST http://push.example.com" + PATH + " HTTP/1.1\r\nHost: backend:8780\r\n" + BODY,
                "POST http://push.example.com" + PATH + " HTTP/1.1\r\n" + HOST + BODY,
                // jetty/jetty.project #11287: invalid hosts
                POST + "Host: push_gw.example.com\r\n" + BODY,
                POST + "Host: push.example.com:\r\n" + BODY,
                POST + "Host: bücher.example\r\n" + BODY,
                POST + "Host: [fe80::1%eth0]:8780\r\n" + BODY,
                // http4k/http4k #1114: headers added by proxies exceed 8 KiB
                POST + HOST + "X-Forwarded-Client-Cert: " + "c".repeat(20_000) + "\r\n" + BODY,
                POST + HOST + "X-Name: Jürgen\r\n" + BODY,
                "\r\n" + POST + HOST + BODY,
                POST + HOST + TYPE + BODY,
                POST + HOST + "Content-Type: text/xml;charset=\"utf-8\"\r\n" + LENGTH + "\r\n" + MAIL,
                POST + HOST + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"
                        + BODY,
                POST + HOST + TYPE + "Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n" + HEX + ";a=b\r\n" + MAIL
                        + "\r\n0\r\nX-Sum: 1\r\n\r\n",
                POST + HOST + TYPE + "Transfer-Encoding: Chunked\r\n\r\n000" + HEX.toUpperCase(Locale.ROOT) + "\r\n"
                        + MAIL + "\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("callbacks")
    void a_callback_is_accepted_however_the_way_changed_it(String request) {
        try (var running = new RunningListener();
                var caller = running.raw()) {
            assertThat(caller.send(request).response())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("<m:SubscriptionStatus>OK</m:SubscriptionStatus>");
        }
    }

    /// jetty/jetty.project #204: .NET waits for the interim response before it sends a body.
    @Test
    void a_caller_that_waits_for_100_continue_gets_it() {
        try (var running = new RunningListener();
                var caller = running.raw()) {
            caller.send(POST + HOST + "Expect: 100-continue\r\n" + TYPE + LENGTH + "\r\n");
            assertThat(caller.response()).startsWith("HTTP/1.1 100 Continue\r\n");
            assertThat(caller.send(MAIL).response()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void one_without_a_token_gets_its_refusal_instead() {
        try (var running = new RunningListener();
                var caller = running.raw()) {
            caller.send("POST /ews/notifications/none HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\n" + TYPE + LENGTH
                    + "\r\n");
            assertThat(caller.response()).startsWith("HTTP/1.1 404 Not Found\r\n");
            assertThat(caller.isClosedByPeer()).isTrue();
        }
    }

    /// zulip/zulip #37805 and alibaba/tengine #1073: requests of load balancers.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /healthz HTTP/1.0\r\n\r\n",
                "HEAD /healthz HTTP/1.0\r\n\r\n",
                "OPTIONS /healthz HTTP/1.0\r\n\r\n",
                "OPTIONS /healthz HTTP/1.1\r\nHost: 10.0.0.7\r\n\r\n",
                "GET /healthz?from=lb HTTP/1.1\r\nHost: 10.0.0.7\r\n\r\n",
                "GET http://lb.example/healthz HTTP/1.1\r\nHost: 10.0.0.7:8780\r\n\r\n"
            })
    void a_load_balancer_gets_ok(String request) {
        try (var running = new RunningListener();
                var balancer = running.raw()) {
            assertThat(balancer.send(request).response()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void options_of_the_health_path_names_the_methods_and_says_the_same_as_get() {
        try (var running = new RunningListener();
                var balancer = running.raw()) {
            assertThat(balancer.send("OPTIONS /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                            .response())
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("\r\nAllow: GET, HEAD, OPTIONS\r\n");
            running.listener.drain();
            assertThat(balancer.send("OPTIONS /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
                            .response())
                    .startsWith("HTTP/1.1 503 ");
            assertThat(balancer.send("OPTIONS /elsewhere HTTP/1.1\r\nHost: a\r\n\r\n")
                            .response())
                    .startsWith("HTTP/1.1 404 ");
            assertThat(balancer.send("PUT /healthz HTTP/1.1\r\nHost: a\r\n\r\n").response())
                    .startsWith("HTTP/1.1 404 ");
        }
    }

    /// Two lengths, folded headers and blanks before a colon can smuggle requests past a proxy.
    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Length: 5\r\n", "X-A: a\r\n b\r\n", "X-A : a\r\n", "Transfer-Encoding: identity\r\n"})
    void what_two_servers_could_read_in_two_ways_is_refused(String header) {
        try (var running = new RunningListener();
                var caller = running.raw()) {
            assertThat(caller.send(POST + HOST + header + BODY).response()).startsWith("HTTP/1.1 400 Bad Request\r\n");
            assertThat(running.listener.counters().acknowledged()).isZero();
        }
    }

    @Test
    void requests_that_come_before_the_answer_to_the_one_before_are_answered_in_order() {
        try (var running = new RunningListener();
                var caller = running.raw()) {
            caller.send((POST + HOST + BODY).repeat(2) + "GET /healthz HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(List.of(caller.response(), caller.response()))
                    .allSatisfy(response -> assertThat(response).contains("SubscriptionStatus"));
            assertThat(caller.response()).endsWith("ok\n");
            await().until(() -> running.listener.counters().acknowledged() == 2);
        }
    }
}
