package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.DetailCounters;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.values.CalendarItemDetail;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MessageDetail;
import dev.tidemark.values.MessageDetail.Correspondent;
import dev.tidemark.values.SyncState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Promises of [ItemDetailStore].
public abstract class ItemDetailStoreContract extends PortContract {
    private static final ItemDetail FOUND = new ItemDetail.Found(message());

    @Test
    void the_first_detail_counts_and_outlives_the_process() {
        store.details().setGroups(Set.of("inboxes"));
        var event = happen(ChangeKind.NEW_MAIL, "I1");
        assertThat(store.details().wantsDetail(event)).isTrue();
        assertThat(store.details().find(event.position())).isEmpty();
        store.details().save(Map.of(event.position(), FOUND));
        store.details().save(Map.of(event.position(), new ItemDetail.Unavailable()));
        reopenAfterPowerCut();
        assertThat(store.details().find(event.position())).contains(FOUND);
        assertThat(store.details().wantsDetail(event)).isTrue();
    }

    @Test
    void events_journaled_before_their_group_had_details_stay_thin() {
        var before = happen(ChangeKind.NEW_MAIL, "I1");
        store.details().setGroups(Set.of("inboxes"));
        var during = happen(ChangeKind.NEW_MAIL, "I2");
        store.details().setGroups(Set.of());
        var after = happen(ChangeKind.NEW_MAIL, "I3");
        assertThat(store.details().wantsDetail(before)).isFalse();
        assertThat(store.details().wantsDetail(during)).isTrue();
        assertThat(store.details().wantsDetail(after)).isFalse();
        assertThat(store.details().oldestWanted()).contains(before.position());
        reopenAfterPowerCut();
        assertThat(store.details().oldestWanted()).contains(new JournalPosition(1));
    }

    @Test
    void a_deletion_and_an_event_of_another_group_have_none() {
        store.details().setGroups(Set.of("others"));
        assertThat(store.details().wantsDetail(happen(ChangeKind.NEW_MAIL, "I1")))
                .isFalse();
        store.details().setGroups(Set.of("inboxes"));
        assertThat(store.details().wantsDetail(happen(ChangeKind.DELETED, "I2")))
                .isFalse();
    }

    @Test
    void details_go_with_their_events() {
        store.details().setGroups(Set.of("inboxes"));
        var old = happen(ChangeKind.NEW_MAIL, "I1");
        var event = happen(ChangeKind.NEW_MAIL, "I2");
        store.details().save(Map.of(old.position(), FOUND, event.position(), FOUND));
        store.details().save(Map.of(event.position(), new ItemDetail.Unavailable()));
        assertThat(store.details().counters()).isEqualTo(new DetailCounters(2, 0, 0));
        store.journal().prune(time().plusSeconds(60), old.position(), 10);
        assertThat(store.details().find(old.position())).isEmpty();
        assertThat(store.details().find(event.position())).isPresent();
    }

    private JournalEvent happen(ChangeKind kind, String item) {
        var before = store.journal().end();
        var found = new RecoveredPage.RecoveredChange(kind, ItemId.of(item), Optional.empty(), time());
        store.resyncs()
                .store(new RecoveredPage(
                        mailbox(), EventOrigin.RESYNC, List.of(found), "inbox", new SyncState("S"), true));
        return store.journal().read(before, 1).getFirst();
    }

    private static MessageDetail message() {
        var ada = new Correspondent(Optional.of("Ada"), Optional.of("ada@example.com"));
        var now = Optional.of(Instant.parse("2026-11-01T09:15:02Z"));
        return new MessageDetail(
                new ItemId("I1", Optional.of("k")),
                Optional.of("IPM.Note"),
                Optional.of("Hello"),
                Optional.of("<1@example.com>"),
                Optional.of("C1"),
                Optional.of(ada),
                List.of(ada, ada),
                List.of(),
                List.of(new Correspondent(Optional.empty(), Optional.empty())),
                now,
                now,
                Optional.of(true),
                OptionalLong.of(4711),
                Optional.of("High"),
                Optional.empty(),
                Optional.of(false),
                List.of("red", "red"),
                Optional.empty(),
                Optional.of("Hello you"),
                Optional.of(new CalendarItemDetail(
                        now,
                        now,
                        Optional.of(false),
                        Optional.of(ada),
                        Optional.of("Room 1"),
                        Optional.of("uid"),
                        Optional.of(true))));
    }
}
