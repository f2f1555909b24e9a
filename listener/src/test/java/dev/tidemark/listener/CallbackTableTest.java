package dev.tidemark.listener;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.IntakeOutcome;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests the table of responses row by row, and the order of the rows.
class CallbackTableTest {
    private static final String MAIL = CallbackBodies.newMail("w1", "w2", "item-1");
    private static final String FORGED = "/ews/notifications/" + "A".repeat(46);

    @Test
    void an_address_outside_allow_from_is_refused_before_anything_else() {
        try (var running = new RunningListener(s -> allowing(s, "10.0.0.0/8"))) {
            assertThat(running.post(MAIL).statusCode()).isEqualTo(403);
            assertThat(running.get("/elsewhere").statusCode()).isEqualTo(403);
            assertThat(running.listener.counters().refused()).containsEntry("address", 2L);
        }
    }

    @Test
    void an_address_within_allow_from_is_let_in() {
        try (var running = new RunningListener(s -> allowing(s, "127.0.0.0/8"))) {
            assertThat(running.post(MAIL).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void behind_a_trusted_proxy_the_address_that_it_names_counts() {
        try (var running = new RunningListener(s -> {
            s.proxies = List.of("127.0.0.1");
            return allowing(s, "10.0.0.0/8");
        })) {
            assertThat(forwarded(running, "10.1.2.3").statusCode()).isEqualTo(200);
            assertThat(forwarded(running, "10.1.2.3, 192.0.2.9").statusCode()).isEqualTo(403);
            assertThat(running.intake.callbacks())
                    .singleElement()
                    .extracting("from")
                    .isEqualTo("10.1.2.3");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/ews/notifications/",
                "/ews/notifications/x",
                "/ews/notifications/../notifications/x",
                "/ews//notifications/%2e%2e/x;y?z",
                "/ews/notifications",
                "/EWS/Exchange.asmx"
            })
    void any_other_path_is_not_found_and_says_nothing(String path) {
        try (var running = new RunningListener();
                var raw = running.raw()) {
            raw.send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 0\r\n\r\n");
            assertThat(raw.response())
                    .startsWith("HTTP/1.1 404 ")
                    .endsWith("\r\n\r\n")
                    .contains("Content-Length: 0");
        }
    }

    @Test
    void a_forged_token_is_not_found_whatever_else_is_wrong() {
        try (var running = new RunningListener()) {
            var forged = running.send(running.request(FORGED)
                    .setHeader("Content-Type", "image/png")
                    .PUT(BodyPublishers.ofString("x"))
                    .build());
            assertThat(forged.statusCode()).isEqualTo(404);
            assertThat(forged.body()).isEmpty();
            assertThat(running.post(RunningListener.path() + "x", MAIL).statusCode())
                    .isEqualTo(404);
            assertThat(running.intake.batches).isEmpty();
        }
    }

    @Test
    void a_forged_token_is_refused_without_waiting_for_the_body() {
        try (var running = new RunningListener();
                var raw = running.raw()) {
            raw.send(head("POST", FORGED, "text/xml", 100_000));
            assertThat(raw.response()).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void another_method_gets_the_allowed_one_before_its_type_is_checked() {
        try (var running = new RunningListener()) {
            var got = running.get(RunningListener.path());
            assertThat(got.statusCode()).isEqualTo(405);
            assertThat(got.headers().firstValue("Allow")).hasValue("POST");
            try (var raw = running.raw()) {
                raw.send(head("PUT", RunningListener.path(), "image/png", 5_000_000));
                assertThat(raw.response()).startsWith("HTTP/1.1 405 ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain; charset=utf-8", "text/xmlish", "", "xml"})
    void what_is_not_xml_is_refused_before_its_length_is_checked(String type) {
        try (var running = new RunningListener();
                var raw = running.raw()) {
            raw.send(head("POST", RunningListener.path(), type, 5_000_000));
            assertThat(raw.response()).startsWith("HTTP/1.1 415 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/xml", "TEXT/XML; Charset=\"UTF-8\"", "application/xml", "application/soap+xml"})
    void every_way_to_say_xml_is_taken(String type) {
        try (var running = new RunningListener()) {
            var request = running.request(RunningListener.path()).setHeader("Content-Type", type);
            assertThat(running.send(request.POST(BodyPublishers.ofString(MAIL)).build())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_body_declared_too_long_is_refused_before_it_is_sent_and_before_the_queue_is_checked() {
        try (var running = new RunningListener();
                var raw = running.raw()) {
            running.intake.accepting = false;
            raw.send(head("POST", RunningListener.path(), "text/xml", (1 << 20) + 1));
            assertThat(raw.response()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void a_client_that_sends_on_regardless_still_reads_why_it_was_refused() {
        try (var running = new RunningListener()) {
            assertThat(running.post("x".repeat(3 << 20)).statusCode()).isEqualTo(413);
            assertThat(running.post(FORGED, "x".repeat(3 << 20)).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void a_store_that_cannot_write_is_said_so_before_the_body_is_read() {
        try (var running = new RunningListener();
                var raw = running.raw()) {
            running.intake.accepting = false;
            raw.send(head("POST", RunningListener.path(), "text/xml", 1000));
            assertThat(raw.response()).startsWith("HTTP/1.1 503 ").contains("Retry-After: 5");
            assertThat(running.listener.counters().refused()).containsEntry("store", 1L);
        }
    }

    @Test
    void a_body_of_unknown_length_is_refused_once_it_is_too_long() {
        try (var running = new RunningListener(s -> {
                    s.maxBody = 1000;
                    return s;
                });
                var raw = running.raw()) {
            raw.send("POST " + RunningListener.path() + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n");
            raw.send("3e8\r\n" + "x".repeat(1000) + "\r\n").send("1\r\nx\r\n");
            assertThat(raw.response()).startsWith("HTTP/1.1 413 ");
            assertThat(running.listener.counters().inFlight()).isZero();
        }
    }

    @Test
    void a_chunked_body_within_the_limit_is_taken() {
        try (var running = new RunningListener()) {
            var bytes = MAIL.getBytes(UTF_8);
            var request = running.request(RunningListener.path())
                    .POST(BodyPublishers.ofByteArrays(List.of(bytes)))
                    .build();
            assertThat(running.send(request).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "<a><b></a>",
                "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
                "<SendNotification xmlns=\"urn:else\"/>"
            })
    void what_is_no_callback_is_answered_with_one_sentence(String body) {
        try (var running = new RunningListener()) {
            var response = running.post(body);
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
            assertThat(response.body().strip()).isNotEmpty().doesNotContain("\n", "Exception");
            assertThat(running.intake.batches).isEmpty();
        }
    }

    @Test
    void a_superseded_attempt_gets_unsubscribe() {
        try (var running = new RunningListener()) {
            running.intake.outcomeOf = ignored -> new IntakeOutcome.Superseded();
            assertUnsubscribe(running.post(MAIL));
            assertThat(running.listener.counters().unsubscribed()).isEqualTo(1);
            assertThat(running.listener.counters().acknowledged()).isZero();
        }
    }

    @Test
    void a_notification_reaches_the_store_whole_and_is_answered_ok() {
        try (var running = new RunningListener()) {
            assertOk(running.post(MAIL));
            var callback = running.intake.callbacks().getFirst();
            assertThat(callback.attempt()).isEqualTo(RunningListener.ATTEMPT);
            assertThat(callback.receivedAt()).isEqualTo(RunningListener.NOW);
            assertThat(callback.from()).isEqualTo("127.0.0.1");
            assertThat(callback.body().messages()).hasSize(1);
        }
    }

    @Test
    void a_repetition_is_answered_ok_and_counted() {
        try (var running = new RunningListener()) {
            running.intake.outcomeOf = ignored -> new IntakeOutcome.Repeated(3);
            assertOk(running.post(MAIL));
            assertThat(running.listener.counters().duplicates()).isEqualTo(3);
            assertThat(running.listener.counters().events()).isZero();
        }
    }

    @Test
    void an_error_callback_is_answered_ok_and_triggers_a_compensation() {
        try (var running = new RunningListener()) {
            running.intake.outcomeOf = ignored -> new IntakeOutcome.Ended("ErrorReadEventsFailed");
            assertOk(running.post(CallbackBodies.error("ErrorReadEventsFailed")));
            await(running, 1);
            assertThat(running.triggers).containsExactly(RunningListener.ADA);
        }
    }

    @Test
    void a_gap_is_answered_ok_and_triggers_a_compensation() {
        try (var running = new RunningListener()) {
            running.intake.outcomeOf = ignored -> new IntakeOutcome.Gap(1, 0, true);
            assertOk(running.post(MAIL));
            await(running, 1);
            assertThat(running.listener.counters().gaps()).isEqualTo(1);
        }
    }

    @Test
    void a_heartbeat_is_answered_ok() {
        try (var running = new RunningListener()) {
            running.intake.outcomeOf = ignored -> new IntakeOutcome.HeartbeatOnly();
            assertOk(running.post(CallbackBodies.heartbeat("w1", "w2")));
            assertThat(running.listener.counters().heartbeats()).isEqualTo(1);
        }
    }

    @Test
    void the_path_of_the_public_address_comes_before_ours() {
        try (var running = new RunningListener(s -> {
            s.prefix = "/push/";
            return s;
        })) {
            assertThat(running.post("/push" + RunningListener.path(), MAIL).statusCode())
                    .isEqualTo(200);
            assertThat(running.post(RunningListener.path(), MAIL).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void another_attempt_has_another_token() {
        try (var running = new RunningListener()) {
            var next = new AttemptId(RunningListener.ADA, 8);
            running.post(RunningListener.path(next), MAIL);
            assertThat(running.intake.callbacks().getFirst().attempt()).isEqualTo(next);
        }
    }

    private static RunningListener.Settings allowing(RunningListener.Settings settings, String range) {
        settings.allowFrom = List.of(range);
        return settings;
    }

    private static HttpResponse<String> forwarded(RunningListener running, String addresses) {
        return running.send(running.request(RunningListener.path())
                .header("X-Forwarded-For", addresses)
                .POST(BodyPublishers.ofString(MAIL))
                .build());
    }

    private static String head(String method, String path, String type, long length) {
        return method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + type + "\r\nContent-Length: " + length
                + "\r\n\r\n";
    }

    private static void assertOk(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/xml; charset=utf-8");
        assertThat(response.headers().firstValue("Server")).isEmpty();
        assertThat(response.body()).contains("SendNotificationResult", "SubscriptionStatus>OK<");
    }

    private static void assertUnsubscribe(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("SendNotificationResult", "SubscriptionStatus>Unsubscribe<");
    }

    private static void await(RunningListener running, int triggers) {
        Awaitility.await().until(() -> running.triggers.size() == triggers);
    }
}
