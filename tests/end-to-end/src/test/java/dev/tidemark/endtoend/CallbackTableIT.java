package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Checks requests of other clients to the callback port.
final class CallbackTableIT {
    private static final String ADA = "ada@example.com";
    private static final String GRACE = "grace@example.com";

    /// Its callbacks are refused on purpose, so Tidemark resubscribes it.
    private static final String VICTIM = "victim@example.com";

    private static final String XML = "text/xml; charset=utf-8";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void each_row_gets_its_answer_while_mail_keeps_coming() throws IOException {
        try (var scene = EndToEndScene.in(folder, ADA, GRACE, VICTIM).with("listener", "max-body", "64KiB")) {
            scene.startSubscribed();
            var url = scene.tap().subscribes(VICTIM).getLast().callback();
            try (var load = SteadyMailLoad.on(scene, 50)) {
                for (var round = 0; round < 20; round++) {
                    assertForgedTokens(url);
                    assertWrongRequests(url);
                    assertTooLong(url);
                    assertNotUnderstood(url);
                    assertAnotherSubscription(url);
                }
                load.assertStillRunning();
            }
            scene.awaitAllReceived();

            assertThat(scene.admin().total("gaps")).isZero();
            assertThat(scene.webhook().story().items(DeliveryHistory.RECEIVED))
                    .containsExactlyInAnyOrderElementsOf(scene.deliveredItems());
            assertThat(scene.tap().subscribes(ADA)).hasSize(1);
            assertThat(scene.tap().subscribes(GRACE)).hasSize(1);
            scene.assertInOrder();
        }
    }

    @Test
    void an_error_call_back_is_acknowledged_and_compensated_at_once() {
        try (var scene = EndToEndScene.in(folder, ADA)) {
            scene.startSubscribed();
            scene.mailbox(ADA).deliver("before");
            scene.awaitAllReceived();
            var stored = scene.admin().mailbox(ADA).path("watermark").asString();
            scene.exchange().failSubscriptions(new MailboxAddress(ADA), "ErrorReadEventsFailed");
            scene.mailbox(ADA).deliver("after");
            scene.awaitAllReceived();

            assertThat(scene.tap().subscribes()).hasSize(2);
            assertThat(scene.tap().subscribes().getLast().watermark()).contains(stored);
            scene.webhook().story().assertNoneDoubled(DeliveryHistory.RECEIVED);
            scene.assertInOrder();
        }
    }

    @Test
    void who_is_not_on_the_list_is_forbidden() throws IOException {
        try (var scene = EndToEndScene.in(folder, ADA).with("listener", "allow-from", "[ 192.0.2.0/24 ]")) {
            scene.start();
            EndToEndScene.await("a Subscribe request")
                    .until(() -> !scene.tap().subscribes().isEmpty());

            var answer = RawHttp.post(scene.tap().subscribes().getFirst().callback(), XML, "<a/>");
            assertThat(answer.status()).isEqualTo(403);
            scene.assertQuietConsoles();
        }
    }

    private static void assertForgedTokens(URI url) throws IOException {
        var token = url.toString();
        var last = token.charAt(token.length() - 3);
        var forged = token.substring(0, token.length() - 3)
                + (last == 'A' ? 'B' : 'A')
                + token.substring(token.length() - 2);
        var long64 = "Content-Type: application/json\r\nContent-Length: 99999999\r\n";
        for (var path : new URI[] {URI.create(forged), url.resolve("nonsense"), url.resolve("/elsewhere")}) {
            assertThat(RawHttp.post(path, XML, "<a/>"))
                    .returns(404, RawHttp.Answer::status)
                    .returns("", RawHttp.Answer::body);
            assertThat(RawHttp.send("GET", path, long64, "").status()).isEqualTo(404);
        }
    }

    private static void assertWrongRequests(URI url) throws IOException {
        var get = RawHttp.send("GET", url, "", "");
        assertThat(get.status()).isEqualTo(405);
        assertThat(get.head()).containsIgnoringCase("\r\nAllow: POST");
        assertThat(RawHttp.send("PUT", url, "Content-Length: 0\r\n", "").status())
                .isEqualTo(405);
        assertThat(RawHttp.post(url, "application/json", "{}").status()).isEqualTo(415);
        assertThat(RawHttp.send("POST", url, "Content-Length: 4\r\n", "<a/>").status())
                .isEqualTo(415);
    }

    private static void assertTooLong(URI url) throws IOException {
        var type = "Content-Type: text/xml\r\n";
        assertThat(RawHttp.send("POST", url, type + "Content-Length: 65537\r\n", "")
                        .status())
                .isEqualTo(413);
        assertThat(RawHttp.send("POST", url, type + "Transfer-Encoding: chunked\r\n", RawHttp.chunked(80, 1024))
                        .status())
                .isEqualTo(413);
    }

    private static void assertNotUnderstood(URI url) throws IOException {
        var good = SoapMessages.heartbeat("sub", "previous", "last");
        for (var body : new String[] {
            "",
            "not XML at all",
            good.substring(0, good.length() / 2),
            good.replace("2006/messages", "2006/massages"),
            good.replace("SendNotification", "SubscribeResponse"),
            "<!DOCTYPE a><a/>",
            good.replaceFirst("<soap11:Envelope", "<!DOCTYPE x [<!ENTITY y \"z\">]><soap11:Envelope")
                    .replace("last", "&y;"),
            "<a>".repeat(10_000)
        }) {
            var answer = RawHttp.post(url, XML, body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.body()).hasLineCount(1).matches("(?s)[^\\t]+\\.\\n?");
        }
    }

    private static void assertAnotherSubscription(URI url) throws IOException {
        var answer = RawHttp.post(url, XML, SoapMessages.heartbeat("not-this-one", "previous", "last"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.head()).containsIgnoringCase("Content-Type: text/xml;");
        assertThat(answer.body()).contains("SendNotificationResult", "SubscriptionStatus>Unsubscribe<");
    }
}
