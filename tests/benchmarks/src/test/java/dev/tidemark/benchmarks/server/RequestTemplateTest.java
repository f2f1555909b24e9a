package dev.tidemark.benchmarks.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.codec.NotificationCodec;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.values.MailboxEvent.ChangeEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

final class RequestTemplateTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.5Z");
    private static final byte[] TOKEN = "T".repeat(46).getBytes(StandardCharsets.US_ASCII);

    @Test
    void each_notification_continues_the_one_before() throws MalformedMessageException {
        for (var events : new int[] {1, 3}) {
            var first = notification(events, 7, 1);
            var second = notification(events, 7, 2);
            assertThat(first.events()).hasSize(events);
            assertThat(second.previousWatermark())
                    .isEqualTo(first.events().getLast().watermark());
        }
    }

    @Test
    void no_two_events_are_the_same() throws MalformedMessageException {
        var seen = new HashSet<String>();
        for (var mailbox = 0; mailbox < 3; mailbox++) {
            for (var number = 1; number < 4; number++) {
                for (var event : notification(3, mailbox, number).events()) {
                    var change = (ChangeEvent) event;
                    assertThat(seen.add(change.kind() + change.target().id())).isTrue();
                }
            }
        }
    }

    @Test
    void the_subscription_is_the_mailboxs_own() throws MalformedMessageException {
        assertThat(notification(1, 99, 1).subscriptionId().value()).isEqualTo(RequestTemplate.subscriptionId(99));
    }

    @Test
    void the_request_names_the_token_and_the_length_of_its_body() {
        var text = request(1, 5, 1);
        var head = text.substring(0, text.indexOf("\r\n\r\n") + 4);
        assertThat(head).startsWith("POST /ews/notifications/" + "T".repeat(46) + " HTTP/1.1\r\n");
        assertThat(head).contains("Content-Length: " + (text.length() - head.length()) + "\r\n");
        assertThat(text.length() - head.length()).isBetween(1_200, 1_600);
    }

    private static Notification notification(int events, int mailbox, long number) throws MalformedMessageException {
        var text = request(events, mailbox, number);
        var body = text.substring(text.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.US_ASCII);
        return (Notification) new NotificationCodec().decode(body).messages().getFirst();
    }

    private static String request(int events, int mailbox, long number) {
        var form = RequestTemplate.of(events, true, NOW);
        var bytes = new byte[form.length()];
        Arrays.fill(bytes, (byte) '?');
        form.fill(bytes, TOKEN, mailbox, number);
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
