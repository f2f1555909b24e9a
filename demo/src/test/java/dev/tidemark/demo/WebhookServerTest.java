package dev.tidemark.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhookServerTest {
    private static final byte[] KEY = new byte[32];
    private static final String EVENT = """
            {"id":"evt_1","type":"dev.tidemark.mailbox.message.received","subject":"ada@example.com",\
            "sequence":"00000000000000000042","origin":"push","time":"2026-11-01T09:15:02Z",\
            "data":{"item":{"id":"AAMkAGYzNDgzOTU5LTM2ZTA="}}}""";

    private final Clock clock = Clock.systemUTC();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final ReceivedEventLog receipts = new ReceivedEventLog();
    private final WebhookServer server = WebhookServer.start(
            0,
            new WebhookReceiver(
                    new SignatureVerifier("whsec_" + Base64.getEncoder().encodeToString(KEY), clock),
                    receipts,
                    lines::add));
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void shows_a_verified_event_on_a_line_and_enters_it() throws Exception {
        assertThat(deliver(EVENT, signature(EVENT))).isEqualTo(204);

        assertThat(lines).singleElement().asString().contains("mailbox.message.received", "ada@example.com", "#42");
        assertThat(receipts.items()).containsExactly("AAMkAGYzNDgzOTU5LTM2ZTA=");
    }

    @Test
    void counts_a_further_delivery_of_an_event_as_a_duplicate() throws Exception {
        deliver(EVENT, signature(EVENT));
        deliver(EVENT, signature(EVENT));

        assertThat(receipts.duplicates()).isEqualTo(1);
        assertThat(receipts.items()).hasSize(1);
        assertThat(lines.get(1)).endsWith("(again)");
    }

    @Test
    void accepts_batches() throws Exception {
        var batch = "[" + EVENT + "," + EVENT.replace("evt_1", "evt_2") + "]";

        assertThat(deliver(batch, signature(batch))).isEqualTo(204);
        assertThat(receipts.all()).hasSize(2);
    }

    @Test
    void refuses_forged_and_unreadable_deliveries_and_enters_nothing() throws Exception {
        assertThat(deliver(EVENT, "v1,AAAA")).isEqualTo(401);
        assertThat(deliver("not json", signature("not json"))).isEqualTo(400);

        assertThat(receipts.all()).isEmpty();
        assertThat(lines).allMatch(line -> line.startsWith("refused: "));
    }

    @Test
    void says_which_port_is_taken() {
        var receiver = new WebhookReceiver(new SignatureVerifier("whsec_AAAA", clock), receipts, lines::add);

        assertThatThrownBy(() -> WebhookServer.start(server.port(), receiver))
                .isInstanceOfSatisfying(
                        DemoCommandException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(4))
                .hasMessageContaining("127.0.0.1:" + server.port());
    }

    private int deliver(String body, String signature) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
                .header("webhook-id", "evt_1")
                .header("webhook-timestamp", timestamp())
                .header("webhook-signature", signature)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private String signature(String body) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        var signed = "evt_1." + timestamp() + "." + body;
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    /// Returns the current minute, so that a test does not depend on a change of it.
    private String timestamp() {
        return Long.toString(clock.instant().getEpochSecond() / 60 * 60);
    }
}
