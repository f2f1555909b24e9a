package dev.tidemark.ews.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.SharedSamples;
import dev.tidemark.ews.SoapText;
import dev.tidemark.values.ChangeKind;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Checks that two decoders without common code read the same from every message that conforms to the schema.
class NotificationDifferentialTest {
    private static final List<ChangeKind> KINDS = List.of(ChangeKind.values());

    private final NotificationCodec codec = new NotificationCodec();
    private final BoundNotifications binder = new BoundNotifications();
    private final Random random = new Random(20261122);

    @Test
    void both_decoders_read_the_same_from_made_up_call_backs() throws Exception {
        for (var round = 0; round < 500; round++) {
            var body = SoapText.bytes(SoapText.sendNotification(some(2, this::message)));

            assertThat(codec.decode(body)).isEqualTo(binder.decode(body));
        }
    }

    @Test
    void both_decoders_read_the_same_from_a_captured_one() throws Exception {
        var body = SharedSamples.sample("push_status_exchangelib_test.xml");

        assertThat(codec.decode(body)).isEqualTo(binder.decode(body));
    }

    private String message() {
        return random.nextInt(5) == 0
                ? "<m:SendNotificationResponseMessage ResponseClass=\"Error\">" + maybe("m:MessageText")
                        + "<m:ResponseCode>Error" + text() + "</m:ResponseCode><m:MessageXml><t:Value Name=\"Other\">x"
                        + "</t:Value><t:Value Name=\"SubscriptionId\">" + text() + "</t:Value></m:MessageXml>"
                        + "</m:SendNotificationResponseMessage>"
                : SoapText.success("<t:SubscriptionId>" + text() + "</t:SubscriptionId>" + maybe("t:PreviousWatermark")
                        + (random.nextBoolean() ? "<t:MoreEvents>" + random.nextBoolean() + "</t:MoreEvents>" : "")
                        + some(4, this::event));
    }

    private String event() {
        if (random.nextInt(4) == 0) {
            return "<t:StatusEvent>" + maybe("t:Watermark") + "</t:StatusEvent>";
        }
        var name = KINDS.get(random.nextInt(KINDS.size())).elementName();
        var object = random.nextBoolean() ? "Item" : "Folder";
        return "<t:" + name + ">" + maybe("t:Watermark") + "<t:TimeStamp>2026-03-0" + random.nextInt(1, 10)
                + "T10:20:30Z</t:TimeStamp>" + id(object + "Id") + id("ParentFolderId")
                + (random.nextBoolean() ? id("Old" + object + "Id") + id("OldParentFolderId") : "")
                + (random.nextBoolean() ? "<t:UnreadCount>" + random.nextInt(99) + "</t:UnreadCount>" : "")
                + "</t:" + name + ">";
    }

    private String id(String element) {
        return "<t:" + element + " Id=\"" + text() + "\""
                + (random.nextBoolean() ? " ChangeKey=\"" + text() + "\"" : "") + "/>";
    }

    private String maybe(String element) {
        return random.nextBoolean() ? "<" + element + ">" + text() + "</" + element + ">" : "";
    }

    private String text() {
        return "T" + random.nextInt(1000) + (random.nextBoolean() ? "&amp;ä+/=" : "");
    }

    private String some(int most, Supplier<String> part) {
        return IntStream.rangeClosed(0, random.nextInt(most))
                .mapToObj(i -> part.get())
                .collect(Collectors.joining("\n"));
    }
}
