package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.MailboxLocationStore.MailboxLocation;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxSummary;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SyncState;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Promises of [dev.tidemark.store.MailboxRegistry#forget] in all ports.
public abstract class ForgettingContract extends PortContract {
    private static final SinkName CRM = new SinkName("crm");
    private static final SinkName BUS = new SinkName("bus");
    private static final GroupMembership INBOXES = new GroupMembership("inboxes", false);
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final MailboxAddress BOB = new MailboxAddress("bob@example.com");
    private static final MailboxId UNKNOWN = new MailboxId("mbx_" + "z".repeat(16));
    private static final MailboxLocation PLACE =
            new MailboxLocation(URI.create("https://ews.example.com/"), Optional.of("g"), Instant.EPOCH);

    /// Stores a row of each kind for a mailbox, and two of those that are counted; returns its id.
    private MailboxId fill(MailboxAddress address) {
        var id = store.mailboxes().enrol(address, INBOXES).id();
        store.details().setGroups(Set.of("inboxes"));
        store.deliveries().open(CRM);
        store.deliveries().open(BUS);
        var first = happen(id, "first");
        var second = happen(id, "second");
        store.details().save(Map.of(first.position(), new ItemDetail.NotFound()));
        store.locations().put(Map.of(id, PLACE));
        defer(CRM, first);
        defer(BUS, first);
        store.deliveries().saveDeadLetter(letter("dl_" + address.value(), second));
        return id;
    }

    private JournalEvent happen(MailboxId id, String item) {
        var before = store.journal().end();
        var found = new RecoveredPage.RecoveredChange(ChangeKind.NEW_MAIL, ItemId.of(item), Optional.empty(), time());
        store.resyncs()
                .store(new RecoveredPage(id, EventOrigin.RESYNC, List.of(found), "inbox", new SyncState("S"), true));
        return store.journal().read(before, 1).getFirst();
    }

    private void defer(SinkName sink, JournalEvent event) {
        var lane = event.mailbox().orElseThrow().id().value();
        var row = new DeferredDelivery(
                sink, event.position(), lane, 1, Optional.of(time()), time(), false, Optional.of("HTTP 500"));
        store.deliveries().save(sink, DeliveryPosition.at(event.position()), List.of(row), List.of());
    }

    private DeadLetter letter(String id, JournalEvent event) {
        return new DeadLetter(id, CRM, event, "HTTP 500", 3, time());
    }

    private List<JournalEvent> eventsOf(MailboxId id) {
        return journal().stream()
                .filter(event ->
                        event.mailbox().filter(ref -> ref.id().equals(id)).isPresent())
                .toList();
    }

    private void assertNothingIsLeft(MailboxId id, JournalPosition first) {
        assertThat(store.mailboxes().find(id)).isEmpty();
        assertThat(store.mailboxes().findRemoved(id)).isEmpty();
        assertThat(store.mailboxes().findRemoved(ADA)).isEmpty();
        assertThat(store.mailboxes().withPendingWork()).isEmpty();
        assertThat(eventsOf(id)).extracting(JournalEvent::type).containsExactly("mailbox.forgotten");
        assertThat(store.journal().find(first)).isEmpty();
        assertThat(store.journal().newest(id, event -> true, 10, 10)).isEmpty();
        assertThat(store.details().find(first)).isEmpty();
        assertThat(store.locations().find(id)).isEmpty();
        assertThat(store.resyncs().states(id)).isEmpty();
        for (var sink : List.of(CRM, BUS)) {
            assertThat(store.deliveries().deferred(sink, id.value(), 10)).isEmpty();
        }
        assertThat(store.deliveries().deadLetters(Optional.empty(), 10))
                .extracting(letter -> letter.event().mailbox().orElseThrow().id())
                .doesNotContain(id);
    }

    @Test
    void only_a_removed_or_paused_mailbox_is_forgotten() {
        var ada = store.mailboxes().enrol(ADA, INBOXES).id();
        assertThat(store.mailboxes().forget(ada)).isEmpty();
        assertThat(store.mailboxes().forget(UNKNOWN)).isEmpty();
        assertThat(store.mailboxes().findRemoved(ada)).isEmpty();
        store.mailboxes().remove(ada);
        assertThat(store.mailboxes().findRemoved(ada)).isPresent();
        assertThat(store.mailboxes().findRemoved(ADA)).isPresent();
        assertThat(store.mailboxes().removed()).extracting(MailboxSummary::id).containsExactly(ada);
        assertThat(store.mailboxes().forget(ada)).isPresent();
        assertThat(store.mailboxes().removed()).isEmpty();
        assertThat(store.mailboxes().forget(ada)).isEmpty();
    }

    @Test
    void a_mailbox_may_be_enrolled_again_before_the_rows_of_the_forgotten_one_are_removed() {
        var ada = fill(ADA);
        store.mailboxes().remove(ada);
        var erasure = store.mailboxes().beginForgetting(ada).orElseThrow();
        assertThat(store.mailboxes().findRemoved(ada)).isEmpty();
        assertThat(store.deliveries().deadLetterCount()).isEqualTo(1);
        var next = store.mailboxes().enrol(ADA, INBOXES).id();
        var event = happen(next, "third");
        store.deliveries().saveDeadLetter(letter("dl_next", event));

        assertThat(erasure.complete().deadLetters()).isEqualTo(1);
        assertThat(next).isNotEqualTo(ada);
        assertThat(store.mailboxes().find(ADA)).isPresent();
        assertThat(eventsOf(next)).contains(event);
        assertThat(store.deliveries().deadLetters(Optional.empty(), 10))
                .extracting(DeadLetter::id)
                .containsExactly("dl_next");
    }

    @Test
    void nothing_of_a_forgotten_mailbox_is_left_in_any_port() {
        var ada = fill(ADA);
        var first = eventsOf(ada).getFirst().position();
        store.replays()
                .begin(new SinkReplay(
                        "r1",
                        CRM,
                        time(),
                        JournalPosition.START,
                        store.journal().end(),
                        Optional.of(ada),
                        Optional.empty(),
                        10,
                        new SinkReplay.ReplayCounts(0, 1)));
        store.mailboxes().pause(ada);
        var forgotten = store.mailboxes().forget(ada).orElseThrow();
        assertThat(forgotten.id()).isEqualTo(ada);
        assertThat(forgotten.deadLetters()).isEqualTo(1);
        assertThat(forgotten.deferred()).isEqualTo(Map.of(CRM, 1L, BUS, 1L));
        assertThat(store.replays().running()).isEmpty();
        assertNothingIsLeft(ada, first);
        reopenAfterPowerCut();
        assertNothingIsLeft(ada, first);
        reopen();
        assertNothingIsLeft(ada, first);
    }

    @Test
    void rows_of_other_mailboxes_stay() {
        var ada = fill(ADA);
        var bob = fill(BOB);
        var before = eventsOf(bob);
        store.mailboxes().remove(ada);
        store.mailboxes().forget(ada);
        reopenAfterPowerCut();
        assertThat(eventsOf(bob)).isEqualTo(before);
        assertThat(store.details().find(before.getFirst().position())).isPresent();
        assertThat(store.locations().find(bob)).isPresent();
        assertThat(store.resyncs().states(bob)).hasSize(1);
        assertThat(store.deliveries().deferred(CRM, bob.value(), 10)).hasSize(1);
        assertThat(store.deliveries().deadLetters(Optional.empty(), 10)).hasSize(1);
    }

    @Test
    void a_sink_that_is_behind_still_sees_the_events_to_count_them() {
        var ada = fill(ADA);
        store.mailboxes().pause(ada);
        store.mailboxes().forget(ada);
        reopen();
        assertThat(store.journal().forgotten()).containsExactly(ada);
        assertThat(store.journal().readWithForgotten(JournalPosition.START, 100))
                .extracting(event -> event.isForgotten(store.journal().forgotten()))
                .containsExactly(true, true, true, false);
    }

    @Test
    void the_event_that_reports_it_has_the_next_number_and_no_address() {
        var ada = fill(ADA);
        store.mailboxes().pause(ada);
        store.mailboxes().forget(ada);
        reopenAfterPowerCut();
        var event = eventsOf(ada).getLast();
        assertThat(event.sequence()).isEqualTo(4);
        assertThat(event.data())
                .isEqualTo(new EventData.Lifecycle(
                        Optional.of(new EventData.MailboxRef(ada, Optional.empty(), "inboxes")),
                        Map.of("reason", "operator")));
    }

    @Test
    void the_event_that_reports_it_is_deferred_and_dead_lettered_like_any_other() {
        var ada = fill(ADA);
        store.mailboxes().pause(ada);
        store.mailboxes().forget(ada);
        var event = eventsOf(ada).getLast();
        defer(CRM, event);
        assertThat(store.deliveries().deferred(CRM, ada.value(), 10)).hasSize(1);
        store.deliveries().saveDeadLetter(letter("dl_1", event));
        reopen();
        assertThat(store.deliveries().deferred(CRM, ada.value(), 10)).isEmpty();
        assertThat(store.deliveries().deadLetters(Optional.empty(), 10)).hasSize(1);
    }

    @Test
    void work_that_was_in_flight_stores_nothing_afterwards() {
        var ada = fill(ADA);
        var first = eventsOf(ada).getFirst();
        store.mailboxes().remove(ada);
        store.mailboxes().forget(ada);
        var end = store.journal().end();
        defer(CRM, first);
        store.deliveries().saveDeadLetter(letter("dl_1", first));
        store.details().save(Map.of(first.position(), new ItemDetail.Unavailable()));
        store.locations().put(Map.of(ada, PLACE));
        store.resyncs().prepare(ada, time());
        var page = new RecoveredPage(ada, EventOrigin.RESYNC, List.of(), "inbox", new SyncState("S"), true);
        assertThat(store.resyncs().store(page)).isEqualTo(RecoveredPage.RecoveryCounts.NONE);
        store.subscriptions().begin(ada, SubscribeReason.SILENCE, "print", Optional.empty());
        store.journal().appendMailboxEvent(ada, "mailbox.relocated", Map.of());
        assertThat(store.journal().end()).isEqualTo(end);
        assertNothingIsLeft(ada, first.position());
    }

    @Test
    void a_mailbox_with_its_address_is_a_new_one() {
        var ada = fill(ADA);
        store.mailboxes().remove(ada);
        store.mailboxes().forget(ada);
        var added = store.mailboxes().enrol(ADA, INBOXES);
        assertThat(added.id()).isNotEqualTo(ada);
        happen(added.id(), "third");
        reopenAfterPowerCut();
        assertThat(store.mailboxes().find(ADA)).map(mailbox -> mailbox.id()).contains(added.id());
        assertThat(eventsOf(added.id())).extracting(JournalEvent::sequence).containsExactly(1L);
    }
}
