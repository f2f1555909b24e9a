package dev.tidemark.forwarder.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.TestEvents;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.EventData.FolderInfo;
import dev.tidemark.store.model.EventData.Lifecycle;
import dev.tidemark.store.model.EventData.Protocol;
import dev.tidemark.store.model.EventSource.OfMailbox;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class CloudEventRendererTest {
    private final CloudEventRenderer events = new CloudEventRenderer("gw1");

    @Test
    void a_received_message_is_rendered_to_exactly_these_bytes() {
        assertThat(render(TestEvents.received(TestEvents.ADA, 7, 42))).isEqualTo("""
                {"specversion":"1.0","id":"evt_00000000000000000000000007",\
                "type":"dev.tidemark.mailbox.message.received",\
                "source":"/tidemark/gw1/mailboxes/mbx_aaaaaaaaaaaaaaaa","subject":"ada@example.com",\
                "time":"2026-11-01T09:15:02Z","recordedtime":"2026-11-01T09:15:02.413Z",\
                "datacontenttype":"application/json","sequence":"00000000000000000042",\
                "partitionkey":"mbx_aaaaaaaaaaaaaaaa","origin":"push",\
                "data":{"mailbox":{"id":"mbx_aaaaaaaaaaaaaaaa","address":"ada@example.com","group":"inboxes"},\
                "change":{"kind":"NewMail"},"item":{"id":"AAMkItem"},\
                "parentFolder":{"id":"AAMkFolder","name":"Inbox","wellKnown":"inbox"}}}""");
    }

    @Test
    void a_copied_folder_names_the_old_one_and_its_parents_without_the_protocol() {
        var change = new Change(
                TestEvents.ADA,
                ChangeKind.COPIED,
                new FolderId("F2", Optional.of("key")),
                Optional.of(new FolderInfo(FolderId.of("P2"), Optional.empty(), Optional.empty())),
                Optional.of(FolderId.of("F1")),
                Optional.of(new FolderInfo(FolderId.of("P1"), Optional.of("Old"), Optional.empty())),
                OptionalInt.of(3),
                Optional.empty());
        assertThat(dataOf(change, "mailbox.folder.copied")).isEqualTo("""
                "change":{"kind":"Copied"},"folder":{"id":"F2"},"parentFolder":{"id":"P2"},\
                "oldFolder":{"id":"F1"},"oldParentFolder":{"id":"P1","name":"Old"},"unreadCount":3}}""");
    }

    @Test
    void exposing_the_protocol_adds_subscription_watermarks_and_change_keys() {
        var protocol = new Protocol(
                Optional.of(new SubscriptionId("S1")),
                Optional.of(new Watermark("W2")),
                Optional.of(new Watermark("W1")));
        var change = new Change(
                TestEvents.ADA,
                ChangeKind.MOVED,
                new ItemId("I2", Optional.of("k2")),
                Optional.of(
                        new FolderInfo(new FolderId("P2", Optional.of("kp")), Optional.empty(), Optional.of("drafts"))),
                Optional.of(new ItemId("I1", Optional.of("k1"))),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.of(protocol));
        assertThat(dataOf(change, "mailbox.item.moved")).isEqualTo("""
                "subscription":{"id":"S1"},\
                "change":{"kind":"Moved","watermark":"W2","previousWatermark":"W1"},\
                "item":{"id":"I2","changeKey":"k2"},\
                "parentFolder":{"id":"P2","changeKey":"kp","wellKnown":"drafts"},\
                "oldItem":{"id":"I1","changeKey":"k1"}}}""");
    }

    @Test
    void an_event_of_the_instance_has_no_subject_and_keeps_the_order_of_its_fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("sink", "crm");
        fields.put("reason", "\u00e4 \"quoted\"\n");
        fields.put("attempts", 3L);
        assertThat(render(TestEvents.ofInstance(9, 1, "sink.failing", fields))).isEqualTo("""
                {"specversion":"1.0","id":"evt_00000000000000000000000009","type":"dev.tidemark.sink.failing",\
                "source":"/tidemark/gw1","time":"2026-11-01T09:15:02Z",\
                "recordedtime":"2026-11-01T09:15:02.413Z","datacontenttype":"application/json",\
                "sequence":"00000000000000000001","partitionkey":"gw1",\
                "data":{"sink":"crm","reason":"\u00e4 \\"quoted\\"\\n","attempts":3}}""");
    }

    @Test
    void a_lifecycle_event_of_a_mailbox_names_it_before_its_fields() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("reason", "silence");
        var event = TestEvents.event(
                1,
                new OfMailbox(TestEvents.ADA.id()),
                2,
                "subscription.created",
                new Lifecycle(Optional.of(TestEvents.ADA), fields));
        assertThat(render(event))
                .contains("\"subject\":\"ada@example.com\"")
                .doesNotContain("origin")
                .endsWith("\"group\":\"inboxes\"},\"reason\":\"silence\"}}");
    }

    @Test
    void times_are_utc_with_milliseconds_where_recorded() {
        var event = TestEvents.received(TestEvents.ADA, 1, 1);
        var whole = new JournalEvent(
                event.position(),
                event.id(),
                event.source(),
                1,
                event.type(),
                event.time().plusNanos(120_000_000),
                event.time(),
                event.origin(),
                event.data());
        assertThat(render(whole))
                .contains("\"time\":\"2026-11-01T09:15:02.120Z\",\"recordedtime\":\"2026-11-01T09:15:02.000Z\"");
    }

    @Test
    void a_ping_has_no_sequence() {
        var ping = new String(events.ping("evt_x", "crm", TestEvents.NOW), StandardCharsets.UTF_8);
        assertThat(ping)
                .contains("\"type\":\"dev.tidemark.ping\"", "\"data\":{\"sink\":\"crm\"}")
                .doesNotContain("sequence");
    }

    private String dataOf(Change change, String type) {
        var text = render(TestEvents.event(1, new OfMailbox(TestEvents.ADA.id()), 1, type, change));
        return text.substring(text.indexOf("\"group\":\"inboxes\"},") + "\"group\":\"inboxes\"},".length());
    }

    private String render(JournalEvent event) {
        return new String(events.render(event), StandardCharsets.UTF_8);
    }
}
