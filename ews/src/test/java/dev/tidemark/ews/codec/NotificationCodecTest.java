package dev.tidemark.ews.codec;

import static dev.tidemark.ews.SoapText.bytes;
import static dev.tidemark.ews.SoapText.callback;
import static dev.tidemark.ews.SoapText.heartbeat;
import static dev.tidemark.ews.SoapText.newMail;
import static dev.tidemark.ews.SoapText.sendNotification;
import static dev.tidemark.ews.SoapText.success;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.SoapText;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.SubscriptionStatus;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxEvent.ChangeEvent;
import dev.tidemark.values.MailboxEvent.StatusEvent;
import dev.tidemark.values.NotificationMessage.Failure;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationCodecTest {
    private final NotificationCodec codec = new NotificationCodec();

    @Test
    void reads_a_heartbeat() throws Exception {
        var notification = notification(callback(heartbeat("wm-1")));

        assertThat(notification)
                .isEqualTo(new Notification(
                        new SubscriptionId("sub-1"),
                        Optional.of(new Watermark("wm-0")),
                        false,
                        List.of(new StatusEvent(Optional.of(new Watermark("wm-1"))))));
    }

    @Test
    void reads_a_received_message() throws Exception {
        assertThat(notification(callback(newMail("wm-1", "item-1"))).events())
                .containsExactly(new ChangeEvent(
                        ChangeKind.NEW_MAIL,
                        Optional.of(new Watermark("wm-1")),
                        Optional.of(Instant.parse("2026-03-01T10:20:30Z")),
                        new ItemId("item-1", Optional.of("CQAAAA==")),
                        Optional.of(new FolderId("folder-1", Optional.of("AQAAAA=="))),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty()));
    }

    @ParameterizedTest
    @EnumSource(ChangeKind.class)
    void reads_every_kind_of_change_to_an_item_and_to_a_folder(ChangeKind kind) throws Exception {
        var events = "<t:%1$s><t:ItemId Id='i'/></t:%1$s><t:%1$s><t:FolderId Id='f'/></t:%1$s>"
                .formatted(kind.elementName());

        assertThat(notification(callback(events)).events())
                .map(ChangeEvent.class::cast)
                .allSatisfy(event -> assertThat(event.kind()).isEqualTo(kind))
                .map(ChangeEvent::target)
                .containsExactly(ItemId.of("i"), FolderId.of("f"));
    }

    @Test
    void reads_where_a_moved_item_and_a_moved_folder_came_from() throws Exception {
        var events = notification(callback("""
                <t:MovedEvent><t:ItemId Id="new"/><t:ParentFolderId Id="to"/>
                  <t:OldItemId Id="old"/><t:OldParentFolderId Id="from"/></t:MovedEvent>
                <t:MovedEvent><t:FolderId Id="f2"/><t:ParentFolderId Id="to"/>
                  <t:OldFolderId Id="f1"/><t:OldParentFolderId Id="from"/></t:MovedEvent>""")).events();

        assertThat(events)
                .map(ChangeEvent.class::cast)
                .allSatisfy(event -> assertThat(event.oldParentFolder()).contains(FolderId.of("from")))
                .map(event -> event.old().orElseThrow())
                .containsExactly(ItemId.of("old"), FolderId.of("f1"));
    }

    @Test
    void reads_how_many_unread_messages_a_modified_folder_has() throws Exception {
        var event = notification(callback(
                        "<t:ModifiedEvent><t:FolderId Id='f'/><t:UnreadCount>7</t:UnreadCount></t:ModifiedEvent>"))
                .events()
                .getFirst();

        assertThat(event)
                .isInstanceOfSatisfying(
                        ChangeEvent.class,
                        change -> assertThat(change.unreadCount()).hasValue(7));
    }

    @Test
    void keeps_the_order_of_events_and_the_last_watermark() throws Exception {
        var notification = notification(callback(newMail("wm-1", "a") + heartbeat("wm-2") + newMail("wm-3", "b")));

        assertThat(notification.events()).hasSize(3);
        assertThat(notification.lastWatermark()).contains(new Watermark("wm-3"));
    }

    @Test
    void reads_that_more_events_follow() throws Exception {
        var body = callback(heartbeat("w")).replace("<t:MoreEvents>false", "<t:MoreEvents> true ");

        assertThat(notification(body).moreEvents()).isTrue();
    }

    @Test
    void takes_the_subscription_id_in_either_namespace() throws Exception {
        var body = callback(heartbeat("w")).replace("t:SubscriptionId", "m:SubscriptionId");

        assertThat(notification(body).subscriptionId()).isEqualTo(new SubscriptionId("sub-1"));
    }

    @Test
    void does_without_what_the_schema_leaves_free() throws Exception {
        var body = sendNotification(success("<t:SubscriptionId>s</t:SubscriptionId><t:StatusEvent/>"));

        assertThat(notification(body))
                .isEqualTo(new Notification(
                        new SubscriptionId("s"), Optional.empty(), false, List.of(new StatusEvent(Optional.empty()))));
    }

    @Test
    void prefixes_do_not_matter() throws Exception {
        var body = """
                <Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>
                <SendNotification xmlns="%s"><ResponseMessages>
                <q:SendNotificationResponseMessage xmlns:q="%s" ResponseClass="Success">
                <q:Notification><SubscriptionId xmlns="%s">s</SubscriptionId>
                <StatusEvent xmlns="%s"><Watermark>w</Watermark></StatusEvent></q:Notification>
                </q:SendNotificationResponseMessage></ResponseMessages></SendNotification></Body></Envelope>
                """.formatted(SoapText.M, SoapText.M, SoapText.T, SoapText.T);

        assertThat(notification(body).lastWatermark()).contains(new Watermark("w"));
    }

    @Test
    void reads_several_response_messages() throws Exception {
        var one = success("<t:SubscriptionId>a</t:SubscriptionId>" + heartbeat("w"));
        var two = success("<t:SubscriptionId>b</t:SubscriptionId>" + heartbeat("w"));

        assertThat(decode(sendNotification(one + two)).messages())
                .map(message -> ((Notification) message).subscriptionId().value())
                .containsExactly("a", "b");
    }

    @Test
    void a_warning_with_a_notification_is_a_success() throws Exception {
        var body = callback(newMail("w", "i"))
                .replace("\"Success\"", "\"Warning\"")
                .replace("NoError", "ErrorBatchProcessingStopped");

        assertThat(notification(body).events()).hasSize(1);
    }

    @Test
    void an_error_without_a_notification_names_its_subscription_in_message_xml() throws Exception {
        for (var prefix : new String[] {"m", "t"}) {
            var body = sendNotification("""
                    <m:SendNotificationResponseMessage ResponseClass="Error">
                      <m:MessageText>Events could not be read.</m:MessageText>
                      <m:ResponseCode>ErrorReadEventsFailed</m:ResponseCode>
                      <m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>
                      <%1$s:MessageXml><t:Value Name="Other">x</t:Value>
                        <t:Value Name="SubscriptionId">sub-9</t:Value></%1$s:MessageXml>
                    </m:SendNotificationResponseMessage>""".formatted(prefix));

            assertThat(decode(body).messages())
                    .containsExactly(new Failure(
                            Optional.of(new SubscriptionId("sub-9")),
                            new ResponseCode("ErrorReadEventsFailed"),
                            "Events could not be read."));
        }
    }

    @Test
    void an_error_with_a_notification_is_an_error() throws Exception {
        var body =
                callback(newMail("w", "i")).replace("\"Success\"", "\"Error\"").replace("NoError", "ErrorSomethingNew");

        assertThat(decode(body).messages())
                .containsExactly(new Failure(
                        Optional.of(new SubscriptionId("sub-1")), new ResponseCode("ErrorSomethingNew"), ""));
    }

    @Test
    void an_error_with_an_empty_notification_or_without_a_code_is_not_lost() throws Exception {
        var body = sendNotification(
                "<m:SendNotificationResponseMessage ResponseClass='Error'><m:Notification/></m:SendNotificationResponseMessage>");

        assertThat(decode(body).messages())
                .containsExactly(new Failure(Optional.empty(), NotificationReader.NO_CODE, ""));
    }

    @Test
    void an_unknown_event_keeps_its_watermark_where_it_ends_the_notification() throws Exception {
        var unknown = "<t:ArchivedEvent><t:Watermark>wm-2</t:Watermark><t:Deep><t:Er/></t:Deep></t:ArchivedEvent>";

        var notification = notification(callback(newMail("wm-1", "i") + unknown));

        assertThat(notification.events()).last().isEqualTo(new StatusEvent(Optional.of(new Watermark("wm-2"))));
        assertThat(notification.lastWatermark()).contains(new Watermark("wm-2"));
    }

    @Test
    void an_unknown_event_between_others_leaves_no_trace() throws Exception {
        var unknown = "<t:ArchivedEvent><t:Watermark>wm-1</t:Watermark></t:ArchivedEvent>";

        assertThat(notification(callback(unknown + newMail("wm-2", "i"))).events())
                .singleElement()
                .isInstanceOf(ChangeEvent.class);
    }

    @Test
    void an_unknown_event_alone_counts_as_a_heartbeat() throws Exception {
        assertThat(notification(callback("<t:ArchivedEvent/>")).events())
                .containsExactly(new StatusEvent(Optional.empty()));
    }

    @Test
    void a_time_that_cannot_be_read_does_not_lose_the_event() throws Exception {
        var body = callback(newMail("w", "i")).replace("2026-03-01T10:20:30Z", "yesterday");

        assertThat(notification(body).events().getFirst())
                .isInstanceOfSatisfying(
                        ChangeEvent.class,
                        event -> assertThat(event.timeStamp()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-01T10:20:30Z",
                "2026-03-01T10:20:30.000Z",
                "2026-03-01T11:20:30+01:00",
                "2026-03-01T10:20:30"
            })
    void reads_times_in_every_form_of_the_schema(String time) throws Exception {
        assertThat(TimestampParser.parse(time)).contains(Instant.parse("2026-03-01T10:20:30Z"));
    }

    @Test
    void ids_keep_their_case_and_references_are_resolved() throws Exception {
        var body = callback(newMail("w", "AAMk&#43;b/C&amp;="));

        assertThat(notification(body).events().getFirst())
                .isInstanceOfSatisfying(
                        ChangeEvent.class,
                        event -> assertThat(event.target().id()).isEqualTo("AAMk+b/C&="));
    }

    @Test
    void reads_utf_16_and_a_byte_order_mark() throws Exception {
        var body = callback(heartbeat("wm-ä"));

        assertThat(codec.decode(("\uFEFF" + body).getBytes(StandardCharsets.UTF_8))
                        .messages())
                .isEqualTo(decode(body).messages());
        assertThat(codec.decode(body.replace("encoding=\"utf-8\"", "encoding=\"utf-16\"")
                                .getBytes(StandardCharsets.UTF_16))
                        .messages())
                .isEqualTo(decode(body).messages());
    }

    @ParameterizedTest
    @EnumSource(SubscriptionStatus.class)
    void writes_the_answer(SubscriptionStatus status) {
        assertThat(new String(codec.encode(status), StandardCharsets.UTF_8))
                .startsWith("<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope ")
                .contains("<m:SendNotificationResult xmlns:m=\"" + SoapText.M + "\"><m:SubscriptionStatus>"
                        + status.wireName() + "</m:SubscriptionStatus>");
    }

    private SendNotification decode(String body) throws MalformedMessageException {
        return codec.decode(bytes(body));
    }

    private Notification notification(String body) throws MalformedMessageException {
        return (Notification) decode(body).messages().getFirst();
    }
}
