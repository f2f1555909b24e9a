package dev.tidemark.store.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.EventId;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EventIdFactoryTest {
    private static final MailboxId ADA = new MailboxId("mbx_aaaaaaaaaaaaaaaa");
    private static final Instant TIME = Instant.parse("2026-11-01T09:15:02Z");

    private static EventId id(ChangeKind kind, String item, String watermark, Instant time) {
        return EventIdFactory.ofChange(
                        ADA,
                        kind,
                        ItemId.of(item),
                        Optional.ofNullable(watermark).map(Watermark::new),
                        time)
                .id();
    }

    @Test
    void ids_never_change_from_version_to_version() {
        // receivers store these ids: a change of this line breaks their deduplication
        assertThat(id(ChangeKind.NEW_MAIL, "AAMkAD", "w1", TIME)).hasToString("evt_mom3pvakbxsm3zlkoxx4ib2j3g");
        assertThat(id(ChangeKind.MODIFIED, "AAMkAD", "w1", TIME)).hasToString("evt_hszzewvxywe24kxoghjzpu6ud4");
        assertThat(EventIdFactory.ofLifecycle(ADA.value(), EventTypes.CREATED, 1)
                        .id())
                .hasToString("evt_axowf3rjaw7tzr4my4ffuhy3ap");
    }

    @ParameterizedTest
    @EnumSource(names = {"NEW_MAIL", "CREATED", "DELETED"})
    void what_happens_once_has_one_id_by_every_path(ChangeKind kind) {
        assertThat(id(kind, "AAMkAD", "w1", TIME)).isEqualTo(id(kind, "AAMkAD", null, TIME.plusSeconds(7)));
    }

    @ParameterizedTest
    @EnumSource(names = {"MODIFIED", "MOVED", "COPIED", "FREE_BUSY_CHANGED"})
    void repeatable_changes_are_distinguished_by_watermark_or_time(ChangeKind kind) {
        assertThat(id(kind, "AAMkAD", "w1", TIME))
                .isEqualTo(id(kind, "AAMkAD", "w1", TIME.plusSeconds(7)))
                .isNotEqualTo(id(kind, "AAMkAD", "w2", TIME));
        assertThat(id(kind, "AAMkAD", null, TIME))
                .isEqualTo(id(kind, "AAMkAD", null, TIME))
                .isNotEqualTo(id(kind, "AAMkAD", null, TIME.plusSeconds(7)));
    }

    @Test
    void item_ids_are_case_sensitive_and_kinds_and_mailboxes_are_distinct() {
        var ids = new HashSet<EventId>();
        for (var kind : ChangeKind.values()) {
            ids.add(id(kind, "AAMkAD", "w1", TIME));
            ids.add(id(kind, "AAMkAd", "w1", TIME));
        }
        var eve = new MailboxId("mbx_bbbbbbbbbbbbbbbb");
        ids.add(EventIdFactory.ofChange(eve, ChangeKind.NEW_MAIL, ItemId.of("AAMkAD"), Optional.empty(), TIME)
                .id());
        assertThat(ids).hasSize(ChangeKind.values().length * 2 + 1);
    }

    @Test
    void an_id_and_its_key_stand_for_each_other() {
        for (var number = 0; number < 1000; number++) {
            var key = EventIdFactory.ofLifecycle("source", "type", number);
            assertThat(EventKey.of(key.id())).isEqualTo(key);
        }
    }
}
