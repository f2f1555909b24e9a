package dev.tidemark.store.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.EventData.FolderInfo;
import dev.tidemark.store.model.EventData.Lifecycle;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.EventData.Protocol;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class JournalEntryCodecTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00.123456789Z");
    private static final MailboxRef ADA =
            new MailboxRef(new MailboxId("mbx_aaaaaaaaaaaaaaaa"), new MailboxAddress("ada@example.com"), "inboxes");

    private static final Change RICH = new Change(
            ADA,
            ChangeKind.MOVED,
            new FolderId("AAMkFolder", Optional.of("AQAAAA==")),
            Optional.of(new FolderInfo(
                    new FolderId("AAMkParent", Optional.of("x")), Optional.of("Inbox – päivä"), Optional.of("inbox"))),
            Optional.of(new FolderId("AAMkOld", Optional.empty())),
            Optional.of(new FolderInfo(FolderId.of("AAMkParent"), Optional.empty(), Optional.empty())),
            OptionalInt.of(12),
            Optional.of(new Protocol(
                    Optional.of(new SubscriptionId("s1")),
                    Optional.of(new Watermark("w2")),
                    Optional.of(new Watermark("w1")))));
    private static final Change POOR = new Change(
            ADA,
            ChangeKind.NEW_MAIL,
            ItemId.of("AAMkItem"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty());
    private static final Lifecycle TOLD =
            new Lifecycle(Optional.of(ADA), Map.of("error", Map.of("code", "x", "count", -7L, "hard", true)));

    private static EventDraft draft(String type, Optional<EventOrigin> origin, EventData data) {
        return new EventDraft(new EventKey(Long.MIN_VALUE, -1, 3), type, NOW, origin, data);
    }

    private static List<JournalEntry> entries() {
        var push = new JournalEntry.ChainData(
                7, true, false, Optional.of(new Watermark("w1")), Optional.of(new Watermark("w2")), NOW, 41);
        var changes = List.of(
                draft("mailbox.folder.moved", Optional.of(EventOrigin.PUSH), RICH),
                draft("mailbox.message.received", Optional.of(EventOrigin.SNAPSHOT), POOR));
        var reported = draft("subscription.failed", Optional.empty(), TOLD);
        var instance = draft("ping", Optional.empty(), new Lifecycle(Optional.empty(), Map.of()));
        return List.of(
                new JournalEntry(100, Optional.of(ADA), 41, 5, Optional.of(push), changes),
                new JournalEntry(102, Optional.of(ADA), 101, 7, Optional.empty(), List.of(reported)),
                new JournalEntry(103, Optional.empty(), 0, 1, Optional.empty(), List.of(instance)));
    }

    private static byte[] written() {
        var out = JournalEntryCodec.begin();
        entries().forEach(entry -> JournalEntryCodec.write(out, entry));
        return out.toBytes();
    }

    @Test
    void a_row_gives_back_what_was_written() {
        assertThat(JournalEntryCodec.read(100, written())).isEqualTo(entries());
    }

    private static boolean holds(String... types) {
        return EventTypeScanner.holds(written(), List.of(types)::contains);
    }

    @Test
    void a_scan_finds_each_type_of_a_row_and_no_other() {
        assertThat(holds("mailbox.folder.moved")).isTrue();
        assertThat(holds("mailbox.message.received")).isTrue();
        assertThat(holds("subscription.failed")).isTrue();
        assertThat(holds("ping")).isTrue();
        assertThat(holds("code", "hard", "inboxes", "MOVED", "sink.failing")).isFalse();
    }

    @Test
    void a_scan_knows_a_type_that_the_row_refers_to() {
        var group = new MailboxRef(ADA.id(), new MailboxAddress("ada@example.com"), "ping");
        var out = JournalEntryCodec.begin();
        JournalEntryCodec.write(
                out,
                new JournalEntry(
                        1,
                        Optional.of(group),
                        0,
                        1,
                        Optional.empty(),
                        List.of(
                                draft("subscription.failed", Optional.empty(), TOLD),
                                draft("ping", Optional.empty(), TOLD))));
        assertThat(EventTypeScanner.holds(out.toBytes(), "ping"::equals)).isTrue();
    }

    @Test
    void a_scan_calls_a_torn_value_damaged() {
        var torn = Arrays.copyOf(written(), written().length - 1);
        assertThatThrownBy(() -> EventTypeScanner.holds(torn, type -> false))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void single_events_keep_everything() {
        for (var entry : entries()) {
            var event = entry.event(0, NOW);
            var body = JournalEntryCodec.writeEvent(event);
            assertThat(JournalEntryCodec.readEvent(body)).isEqualTo(event);
        }
    }

    @Test
    void a_dead_letter_with_another_number_of_events_than_one_is_called_damaged() {
        var none = new JournalEntry(100, Optional.empty(), 0, 1, Optional.empty(), List.of());
        for (var entry : List.of(none, entries().getFirst())) {
            var out = JournalEntryCodec.begin().number(100).instant(NOW);
            JournalEntryCodec.write(out, entry);
            assertThatThrownBy(() -> JournalEntryCodec.readEvent(out.toBytes()))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("without its event");
        }
    }

    @Test
    void a_later_version_is_named_and_a_torn_value_is_called_damaged() {
        var later = written();
        later[0] = 9;
        assertThatThrownBy(() -> JournalEntryCodec.read(100, later))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("version 9");
        var torn = Arrays.copyOf(written(), written().length - 1);
        assertThatThrownBy(() -> JournalEntryCodec.read(100, torn))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("damaged");
    }
}
