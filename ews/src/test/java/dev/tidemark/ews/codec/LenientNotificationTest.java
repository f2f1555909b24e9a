package dev.tidemark.ews.codec;

import static dev.tidemark.ews.SoapText.bytes;
import static dev.tidemark.ews.SoapText.callback;
import static dev.tidemark.ews.SoapText.newMail;
import static dev.tidemark.ews.SoapText.sendNotification;
import static dev.tidemark.ews.SoapText.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.SkipReporter;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxEvent.ChangeEvent;
import dev.tidemark.values.MailboxEvent.StatusEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.SkippedParts;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks that an unreadable event of a callback affects no other event.
class LenientNotificationTest {
    private static final String BARE = "<t:NewMailEvent><t:Watermark>bare</t:Watermark></t:NewMailEvent>";

    private final NotificationCodec codec = new NotificationCodec();

    @Test
    void four_of_five_events_are_read_where_one_names_no_item() throws Exception {
        var message = codec.decode(bytes(
                callback(newMail("w1", "a") + newMail("w2", "b") + BARE + newMail("w4", "c") + newMail("w5", "d"))));

        assertThat(notification(message).events())
                .map(event -> ((ChangeEvent) event).target().id())
                .containsExactly("a", "b", "c", "d");
        assertThat(notification(message).lastWatermark()).contains(new Watermark("w5"));
        assertThat(message.skipped()).isEqualTo(new SkippedParts("SendNotification", Map.of(SkipReason.MISSING_ID, 1)));
    }

    @Test
    void the_watermark_of_a_last_event_without_an_item_still_counts() throws Exception {
        var notification = notification(codec.decode(bytes(callback(newMail("w1", "a") + BARE))));

        assertThat(notification.events()).hasSize(2);
        assertThat(notification.lastWatermark()).contains(new Watermark("bare"));
    }

    @Test
    void a_notification_of_such_events_only_is_a_heartbeat_with_its_watermark() throws Exception {
        assertThat(notification(codec.decode(bytes(callback(BARE + BARE.replace("bare", "last")))))
                        .events())
                .containsExactly(new StatusEvent(Optional.of(new Watermark("last"))));
    }

    @Test
    void a_notification_without_events_is_a_heartbeat() throws Exception {
        assertThat(notification(codec.decode(bytes(callback("")))).events())
                .containsExactly(new StatusEvent(Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<t:NewMailEvent/> | MISSING_ID",
                "<t:NewMailEvent>text</t:NewMailEvent> | MISSING_ID",
                "<t:NewMailEvent><t:ItemId/></t:NewMailEvent> | MISSING_ID",
                "<t:NewMailEvent><t:ItemId Id=' '/></t:NewMailEvent> | MISSING_ID",
                "<t:DeletedEvent><t:FolderId>f</t:FolderId></t:DeletedEvent> | MISSING_ID",
                "<t:ArchivedEvent><t:ItemId Id='x'/></t:ArchivedEvent> | UNKNOWN_ELEMENT",
                "<x:NewMailEvent xmlns:x='urn:x'/> | UNKNOWN_ELEMENT"
            })
    void an_event_that_cannot_be_understood_is_passed_over_and_counted(String odd, SkipReason reason) throws Exception {
        var message = codec.decode(bytes(callback(newMail("w1", "a") + odd + newMail("w2", "b"))));

        assertThat(notification(message).events()).hasSize(2);
        assertThat(message.skipped().counts()).isEqualTo(Map.of(reason, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<t:TimeStamp>yesterday</t:TimeStamp>",
                "<t:TimeStamp>+292278994-08-17T07:12:55Z</t:TimeStamp>",
                "<t:ParentFolderId/>",
                "<t:OldItemId/>",
                "<t:OldFolderId Id=''/>",
                "<t:OldParentFolderId/>",
                "<t:UnreadCount>many</t:UnreadCount>"
            })
    void a_value_that_cannot_be_read_costs_only_itself(String value) throws Exception {
        var message = codec.decode(bytes(callback(
                "<t:ModifiedEvent><t:Watermark>w</t:Watermark><t:FolderId Id='f'/>" + value + "</t:ModifiedEvent>")));

        assertThat(notification(message).events().getFirst())
                .isInstanceOfSatisfying(
                        ChangeEvent.class, event -> assertThat(event.target()).isEqualTo(FolderId.of("f")));
        assertThat(message.skipped().counts()).isEqualTo(Map.of(SkipReason.UNREADABLE_VALUE, 1));
    }

    @Test
    void an_event_whose_watermark_cannot_be_kept_is_kept_without_it() throws Exception {
        var message = codec.decode(bytes(callback(newMail("w".repeat(2049), "a"))));

        assertThat(notification(message).events()).singleElement().isInstanceOfSatisfying(ChangeEvent.class, event -> {
            assertThat(event.target()).isEqualTo(new ItemId("a", Optional.of("CQAAAA==")));
            assertThat(event.watermark()).isEmpty();
        });
    }

    @Test
    void elements_within_a_text_are_passed_over() throws Exception {
        var body = callback(newMail("w", "a")).replace("wm-0", "wm<t:x>no</t:x>-0");

        assertThat(notification(codec.decode(bytes(body))).previousWatermark()).contains(new Watermark("wm-0"));
    }

    @Test
    void an_event_in_the_namespace_of_messages_is_an_event() throws Exception {
        var body = callback(newMail("w", "a").replace("t:NewMailEvent", "m:NewMailEvent"));

        assertThat(notification(codec.decode(bytes(body))).events())
                .map(event -> ((ChangeEvent) event).target().id())
                .containsExactly("a");
    }

    @Test
    void a_notification_without_a_subscription_costs_only_itself() throws Exception {
        var none = success(newMail("w", "a"));
        var empty = "<m:SendNotificationResponseMessage ResponseClass='Success'/>";
        var good = success("<t:SubscriptionId>sub</t:SubscriptionId>" + newMail("w", "b"));

        var message = codec.decode(bytes(sendNotification(none + empty + "<m:Odd/>" + good)));

        assertThat(message.messages()).hasSize(1);
        assertThat(notification(message).subscriptionId()).isEqualTo(new SubscriptionId("sub"));
        assertThat(message.skipped().counts())
                .isEqualTo(
                        Map.of(SkipReason.MISSING_ID, 1, SkipReason.MISSING_OBJECT, 1, SkipReason.UNKNOWN_ELEMENT, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"&#0;", "&#x1F;", "\u0001", "\uFFFE", "&#xD800;"})
    void a_forbidden_character_costs_nothing_else(String character) throws Exception {
        var message = codec.decode(bytes(callback(newMail("w1", "a") + newMail("w2", "b" + character))));

        assertThat(notification(message).events())
                .map(event -> ((ChangeEvent) event).target().id())
                .containsExactly("a", "b\uFFFD");
    }

    @Test
    void bytes_of_another_encoding_than_the_declared_one_are_replaced() throws Exception {
        var body = callback(newMail("w\u00e4", "a")).getBytes(StandardCharsets.ISO_8859_1);

        assertThat(notification(codec.decode(body)).lastWatermark()).contains(new Watermark("w\uFFFD"));
    }

    @Test
    void reports_every_operation_that_can_pass_over_something() {
        assertThat(SkipReporter.operations())
                .contains("SendNotification", "GetUserSettings", "SyncFolderItems", "GetItem")
                .doesNotHaveDuplicates();
        assertThat(List.of(SkipReason.values())).map(SkipReason::label).contains("missing-id", "unknown-element");
    }

    private static Notification notification(SendNotification message) {
        return (Notification) message.messages().getFirst();
    }
}
