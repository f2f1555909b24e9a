package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.MailboxLocationStore.MailboxLocation;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SyncState;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Writes the store that `earlier-stores` has of several versions; its README has the commands. Uses only what those
/// versions have.
@EnabledIfSystemProperty(named = "fixture.write", matches = ".+")
final class StoreFixtureWriter {
    private static final SinkName CRM = new SinkName("crm");
    private static final GroupMembership INBOXES = new GroupMembership("inboxes", false);
    private static final int MAILS = 6;

    private final SettableClock clock = new SettableClock();

    @Test
    void writes_a_store_with_a_row_of_each_kind() {
        var home = new EmbeddedHome(Path.of(System.getProperty("fixture.write")));
        try (var store = StoreFactory.open(home.config(), clock)) {
            fill(store, home);
        }
        assertThat(home.log("store0")).isNotEmptyDirectory();
    }

    private void fill(WatermarkStore store, EmbeddedHome home) {
        var ada = home.mailbox(store);
        store.details().setGroups(Set.of("inboxes"));
        store.deliveries().open(CRM);
        for (var i = 0; i < MAILS; i++) {
            clock.advance(Duration.ofSeconds(1));
            home.receive(store, ada, clock.instant());
        }
        find(store, ada, "inbox");
        store.locations()
                .put(Map.of(
                        ada,
                        new MailboxLocation(
                                URI.create("https://ews.example.com/"), Optional.of("g"), clock.instant())));
        deliver(store, ada, store.journal().read(JournalPosition.START, 100));
        ((EmbeddedStore) store).snapshot();
        removeOthers(store);
        replay(store, ada);
    }

    private void find(WatermarkStore store, MailboxId id, String folder) {
        var found = new RecoveredPage.RecoveredChange(
                ChangeKind.NEW_MAIL, ItemId.of("found-" + folder), Optional.empty(), clock.instant());
        store.resyncs()
                .store(new RecoveredPage(id, EventOrigin.RESYNC, List.of(found), folder, new SyncState("S"), true));
    }

    /// Delivers the first events of the mailbox, defers one and dead-letters another.
    private void deliver(WatermarkStore store, MailboxId ada, List<JournalEvent> events) {
        var mails = events.stream().filter(event -> event.origin().isPresent()).toList();
        store.details()
                .save(Map.of(
                        mails.get(0).position(), new ItemDetail.NotFound(),
                        mails.get(1).position(), new ItemDetail.Unavailable()));
        var row = new DeferredDelivery(
                CRM,
                mails.get(2).position(),
                ada.value(),
                2,
                Optional.of(clock.instant()),
                clock.instant().plusSeconds(60),
                false,
                Optional.of("responded 500"));
        store.deliveries().save(CRM, DeliveryPosition.at(mails.get(3).position()), List.of(row), List.of());
        store.deliveries()
                .saveDeadLetter(new DeadLetter("dl_1", CRM, mails.get(3), "responded 422", 9, clock.instant()));
    }

    private void removeOthers(WatermarkStore store) {
        var bob = store.mailboxes()
                .enrol(new MailboxAddress("bob@example.com"), INBOXES)
                .id();
        store.mailboxes().pause(bob);
        var eve = store.mailboxes()
                .enrol(new MailboxAddress("eve@example.com"), INBOXES)
                .id();
        find(store, eve, "inbox");
        store.mailboxes().remove(eve);
        store.mailboxes().forget(eve);
    }

    private void replay(WatermarkStore store, MailboxId ada) {
        store.replays()
                .begin(new SinkReplay(
                        "rpl_1",
                        CRM,
                        clock.instant(),
                        JournalPosition.START,
                        store.journal().end(),
                        Optional.of(ada),
                        Optional.empty(),
                        100,
                        new SinkReplay.ReplayCounts(1, MAILS)));
    }
}
