package dev.tidemark.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requirements of Standard Webhooks 1.0 for every sender. Extend it with your own sender.
@Timeout(300)
abstract class SenderContract {
    static final String SECRET = secret(1, 24);
    static final String OLDER = secret(2, 32);
    static final String OLDEST = secret(3, 64);

    private static final String STRANGERS = secret(4, 24);

    private final ConformanceReceiver receiver = new ConformanceReceiver();
    private Optional<WebhookSenderUnderTest> sender = Optional.empty();

    abstract WebhookSenderUnderTest sender(WebhookSenderUnderTest.Settings settings) throws Exception;

    @AfterEach
    void close() {
        sender.ifPresent(WebhookSenderUnderTest::close);
        receiver.close();
    }

    private WebhookSenderUnderTest start(List<String> secrets, Optional<String> signingKey) throws Exception {
        var started = sender(new WebhookSenderUnderTest.Settings(receiver.url(), secrets, signingKey));
        sender = Optional.of(started);
        return started;
    }

    private WebhookSenderUnderTest start() throws Exception {
        return start(List.of(SECRET), Optional.empty());
    }

    private ReceivedCall first() {
        await().until(() -> !receiver.calls().isEmpty());
        return receiver.calls().getFirst();
    }

    @Test
    void a_message_is_a_post_with_its_three_headers_and_json_in_it() throws Exception {
        start().send();
        var call = first();
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo("/hooks/mail");
        assertThat(call.id()).isNotEmpty().doesNotContain(".");
        assertThat(call.timestamp()).matches("[0-9]+");
        assertThat(call.signatures()).matches("v1,[A-Za-z0-9+/]+=*");
        assertThat(call.header("content-type")).contains("json");
        assertThat(PublishedSchemas.parsed(call.body())).isNotEmpty();
        assertThat(call.body().length()).as("payloads are to be small").isLessThan(20 * 1024);
    }

    @Test
    void its_time_stamp_is_that_of_the_attempt_in_seconds() throws Exception {
        start().send();
        var stamp = Instant.ofEpochSecond(Long.parseLong(first().timestamp()));
        assertThat(Duration.between(stamp, Instant.now()).abs()).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void the_official_verifier_accepts_it_by_its_secret_and_by_no_other() throws Exception {
        start().send();
        assertThat(ReferenceVerifiers.accepts(SECRET, first())).isTrue();
        assertThat(ReferenceVerifiers.accepts(STRANGERS, first())).isFalse();
    }

    @Test
    void while_secrets_rotate_each_of_them_verifies_every_message() throws Exception {
        var rotating = start(List.of(SECRET, OLDER, OLDEST), Optional.empty());
        for (var i = 0; i < 5; i++) {
            rotating.send();
        }
        await().until(() -> receiver.calls().size() == 5);
        for (var call : receiver.calls()) {
            assertThat(List.of(SECRET, OLDER, OLDEST)).allMatch(secret -> ReferenceVerifiers.accepts(secret, call));
            assertThat(ReferenceVerifiers.accepts(STRANGERS, call)).isFalse();
        }
    }

    @Test
    void a_signing_key_adds_a_signature_that_its_public_key_verifies() throws Exception {
        start(List.of(SECRET), Optional.of(ReferenceVerifiers.signingKey())).send();
        var call = first();
        assertThat(ReferenceVerifiers.accepts(SECRET, call)).isTrue();
        assertThat(ReferenceVerifiers.acceptsAsymmetric(call)).isTrue();
        for (var forged : forgeries(call)) {
            assertThat(ReferenceVerifiers.acceptsAsymmetric(forged)).isFalse();
        }
    }

    @Test
    void what_was_changed_on_the_way_is_refused() throws Exception {
        start().send();
        for (var forged : forgeries(first())) {
            assertThat(ReferenceVerifiers.accepts(SECRET, forged)).isFalse();
        }
    }

    /// Returns the call with another body, another id and another time.
    private static List<ReceivedCall> forgeries(ReceivedCall call) {
        var later = String.valueOf(Long.parseLong(call.timestamp()) + 1);
        return List.of(
                call.withBody(call.body() + " "),
                call.withBody(call.body().replaceFirst("[0-9]", "x")),
                call.withHeader("webhook-id", call.id() + "x"),
                call.withHeader("webhook-timestamp", later));
    }

    @Test
    void the_official_verifier_for_node_agrees() throws Exception {
        var node = NodeVerifier.installed();
        var rotating = start(List.of(SECRET, OLDER), Optional.of(ReferenceVerifiers.signingKey()));
        rotating.send();
        rotating.send();
        await().until(() -> receiver.calls().size() == 2);
        for (var call : receiver.calls()) {
            node.expect(true, SECRET, call).expect(true, OLDER, call).expect(false, STRANGERS, call);
            forgeries(call).forEach(forged -> node.expect(false, SECRET, forged));
        }
        node.verify();
    }

    @Test
    void a_message_that_failed_comes_again_with_its_id_and_its_bytes_and_a_valid_signature() throws Exception {
        var failures = new AtomicInteger(2);
        receiver.respondWith(call -> ConformanceReceiver.Reply.of(failures.getAndDecrement() > 0 ? 500 : 200));
        start().send();
        await().until(() -> receiver.calls().size() == 3);
        var call = first();
        assertThat(receiver.calls()).allSatisfy(again -> {
            assertThat(again.id()).isEqualTo(call.id());
            assertThat(again.body()).isEqualTo(call.body());
            assertThat(ReferenceVerifiers.accepts(SECRET, again)).isTrue();
        });
        assertThat(receiver.calls().stream().map(again -> Long.parseLong(again.timestamp())))
                .isSorted();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 299})
    void any_code_of_success_is_success(int code) throws Exception {
        receiver.respondWith(call -> ConformanceReceiver.Reply.of(code));
        var sending = start();
        sending.send();
        sending.send();
        await().until(() -> receiver.calls().size() >= 2);
        await().during(Duration.ofMillis(700)).until(() -> receiver.calls().size() == 2);
        assertThat(receiver.calls().stream().map(ReceivedCall::id)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 303, 308})
    void a_redirect_is_a_failure_and_not_followed(int code) throws Exception {
        var redirects = new AtomicInteger(1);
        var elsewhere = Map.of("Location", receiver.url("/elsewhere").toString());
        receiver.respondWith(call -> redirects.getAndDecrement() > 0
                ? new ConformanceReceiver.Reply(code, elsewhere)
                : ConformanceReceiver.Reply.of(204));
        start().send();
        await().until(() -> receiver.calls().size() == 2);
        assertThat(receiver.calls().stream().map(ReceivedCall::path)).containsOnly("/hooks/mail");
        assertThat(receiver.calls().stream().map(ReceivedCall::method)).containsOnly("POST");
    }

    @Test
    void a_receiver_that_is_gone_gets_nothing_more() throws Exception {
        receiver.respondWith(call -> ConformanceReceiver.Reply.of(410));
        var sending = start();
        sending.send();
        first();
        sending.send();
        await().during(Duration.ofSeconds(2)).until(() -> receiver.calls().size() == 1);
    }

    @Test
    void a_receiver_that_is_busy_is_left_alone_for_as_long_as_it_says() throws Exception {
        var busy = new AtomicInteger(1);
        receiver.respondWith(call -> busy.getAndDecrement() > 0
                ? new ConformanceReceiver.Reply(429, Map.of("Retry-After", "2"))
                : ConformanceReceiver.Reply.of(204));
        start().send();
        await().until(() -> receiver.calls().size() == 2);
        var waited = receiver.calls().getLast().atNanos() - first().atNanos();
        assertThat(Duration.ofNanos(waited)).isGreaterThan(Duration.ofMillis(1500));
    }

    private static String secret(int fill, int length) {
        var bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) fill);
        return "whsec_" + Base64.getEncoder().encodeToString(bytes);
    }
}
