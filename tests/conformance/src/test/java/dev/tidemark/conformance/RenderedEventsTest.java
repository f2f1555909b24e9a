package dev.tidemark.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.EventData.FolderInfo;
import dev.tidemark.store.model.EventData.Lifecycle;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.EventData.Protocol;
import dev.tidemark.store.model.EventId;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.CalendarItemDetail;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MessageDetail;
import dev.tidemark.values.MessageDetail.Correspondent;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Checks every change that Exchange can report, with and without all optional fields.
final class RenderedEventsTest {
    private static final MailboxRef ADA =
            new MailboxRef(new MailboxId("mbx_" + "a".repeat(16)), new MailboxAddress("ada@example.com"), "inboxes");
    private static final Instant NOW = Instant.parse("2026-11-01T09:15:02.413Z");

    private final CloudEventRenderer events = new CloudEventRenderer("gw1");

    static Stream<JournalEvent> changes() {
        return Arrays.stream(ChangeKind.values())
                .flatMap(kind -> Stream.of(true, false).flatMap(item -> forms(kind, item)));
    }

    private static Stream<JournalEvent> forms(ChangeKind kind, boolean item) {
        if (kind == ChangeKind.NEW_MAIL && !item) {
            return Stream.empty();
        }
        return Stream.of(true, false)
                .flatMap(full -> Arrays.stream(EventOrigin.values()).map(origin -> event(kind, item, full, origin)));
    }

    private static JournalEvent event(ChangeKind kind, boolean item, boolean full, EventOrigin origin) {
        var target = full ? object(item, Optional.of("DwAAAA==")) : object(item, Optional.empty());
        var parent = new FolderInfo(
                new FolderId("AAMkParent", full ? Optional.of("AQAAAA==") : Optional.empty()),
                full ? Optional.of("Rechnungen \u00e4") : Optional.empty(),
                full ? Optional.of("inbox") : Optional.empty());
        var protocol = new Protocol(
                Optional.of(new SubscriptionId("S1")),
                Optional.of(new Watermark("W2")),
                Optional.of(new Watermark("W1")));
        var data = new Change(
                ADA,
                kind,
                target,
                full ? Optional.of(parent) : Optional.empty(),
                full ? Optional.of(object(item, Optional.of("CQAAAA=="))) : Optional.empty(),
                full ? Optional.of(parent) : Optional.empty(),
                full ? OptionalInt.of(7) : OptionalInt.empty(),
                full ? Optional.of(protocol) : Optional.empty());
        return event(typeOf(kind, item), Optional.of(origin), data);
    }

    private static ObjectId object(boolean item, Optional<String> changeKey) {
        return item ? new ItemId("AAMkItem", changeKey) : new FolderId("AAMkFolder", changeKey);
    }

    private static String typeOf(ChangeKind kind, boolean item) {
        return switch (kind) {
            case NEW_MAIL -> "mailbox.message.received";
            case FREE_BUSY_CHANGED -> "mailbox.freebusy.changed";
            case CREATED, DELETED, MODIFIED, MOVED, COPIED ->
                "mailbox." + (item ? "item." : "folder.") + kind.label().toLowerCase(Locale.ROOT);
        };
    }

    private static JournalEvent event(String type, Optional<EventOrigin> origin, EventData data) {
        return new JournalEvent(
                new JournalPosition(1),
                new EventId("evt_" + "a".repeat(26)),
                new EventSource.OfMailbox(ADA.id()),
                42,
                type,
                NOW,
                NOW,
                origin,
                data);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void a_change_says_nothing_that_its_schema_does_not_describe(JournalEvent event) {
        assertThat(EventSchemaChecker.faults(render(event))).isEmpty();
        assertThat(EventSchemaChecker.faultsOfPublished(event.type(), render(event)))
                .isEmpty();
    }

    @Test
    void what_an_event_tells_of_its_item_is_described() {
        var event = changes().toList().getFirst();
        for (var detail : List.of(found(), new ItemDetail.NotFound(), new ItemDetail.Unavailable())) {
            var body = new String(events.renderForDisplay(event, always(detail)), StandardCharsets.UTF_8);
            assertThat(EventSchemaChecker.faults(body)).as(body).isEmpty();
            assertThat(body).containsAnyOf("\"message\":{", "\"detail\":\"");
        }
    }

    private static ItemDetailStore always(ItemDetail detail) {
        return new ItemDetailStore() {
            @Override
            public void setGroups(Set<String> groups) {}

            @Override
            public boolean wantsDetail(JournalEvent event) {
                return true;
            }

            @Override
            public Optional<JournalPosition> oldestWanted() {
                return Optional.empty();
            }

            @Override
            public Optional<ItemDetail> find(JournalPosition position) {
                return Optional.of(detail);
            }

            @Override
            public void save(Map<JournalPosition, ItemDetail> details) {}
        };
    }

    private static ItemDetail found() {
        var grace = new Correspondent(Optional.of("Grace"), Optional.of("grace@example.net"));
        var text = Optional.of("x");
        var moment = Optional.of(NOW);
        return new ItemDetail.Found(new MessageDetail(
                ItemId.of("I1"),
                text,
                text,
                text,
                text,
                Optional.of(grace),
                List.of(grace),
                List.of(grace),
                List.of(grace),
                moment,
                moment,
                Optional.of(true),
                OptionalLong.of(4711),
                text,
                text,
                Optional.of(true),
                List.of("red"),
                text,
                text,
                Optional.of(new CalendarItemDetail(
                        moment, moment, Optional.of(true), Optional.of(grace), text, text, Optional.of(false)))));
    }

    @Test
    void an_envelope_without_what_is_required_is_refused() {
        var body = render(changes().toList().getFirst());
        for (var field : List.of("id", "source", "subject", "time", "sequence", "partitionkey", "origin", "data")) {
            var without = body.replaceFirst("\"" + field + "\":", "\"x" + field + "\":");
            assertThat(EventSchemaChecker.faultsOfPublished("mailbox.message.received", without))
                    .as(field)
                    .isNotEmpty();
        }
    }

    @Test
    void a_value_of_the_wrong_form_is_refused_and_a_new_field_is_not() {
        var body = render(changes().toList().getFirst());
        var published = "mailbox.message.received";
        assertThat(EventSchemaChecker.faultsOfPublished(
                        published, body.replace("2026-11-01T09:15:02.413Z", "yesterday")))
                .isNotEmpty();
        assertThat(EventSchemaChecker.faultsOfPublished(published, body.replace("00000000000000000042", "42")))
                .isNotEmpty();
        var more = body.replace("\"change\":{", "\"change\":{\"mood\":\"good\",");
        assertThat(EventSchemaChecker.faultsOfPublished(published, more)).isEmpty();
        assertThat(EventSchemaChecker.faults(more))
                .as("the tests' own form notices it")
                .isNotEmpty();
    }

    @Test
    void a_lifecycle_event_lacking_its_reason_is_refused() {
        var event = event("subscription.created", Optional.empty(), new Lifecycle(Optional.of(ADA), Map.of()));
        assertThat(EventSchemaChecker.faultsOfPublished("subscription.created", render(event)))
                .isNotEmpty();
    }

    private String render(JournalEvent event) {
        return new String(events.render(event), StandardCharsets.UTF_8);
    }
}
