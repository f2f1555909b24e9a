package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.StoreHome;
import dev.tidemark.contract.WatermarkStoreContract;
import dev.tidemark.store.ResyncStore;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SyncState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Checks that an operation on more rows than one unit of work holds reaches all of them.
final class ManyRowsTest extends WatermarkStoreContract {
    private static final SinkName CRM = new SinkName("crm");
    private static final SinkName BUS = new SinkName("bus");
    private static final int MANY = 1100;

    @Override
    protected StoreHome home(Path folder) {
        return new SimulatedHome(folder);
    }

    private void saveDeadLetter(int letters) {
        store.journal().appendInstanceEvent("ping", Map.of());
        var event = journal().getFirst();
        for (var i = 0; i < letters; i++) {
            store.deliveries()
                    .saveDeadLetter(new DeadLetter("dl_" + i, i % 2 == 0 ? CRM : BUS, event, "HTTP 400", 1, time()));
        }
    }

    @Test
    void dead_letters_are_recalled_pruned_and_brought_back_to_the_present() {
        clock.advance(Duration.ofDays(2));
        saveDeadLetter(MANY);
        assertThat(store.replays().recallAll(Optional.of(BUS))).isEqualTo(MANY / 2);
        assertThat(store.replays().recalled(CRM, MANY)).isEmpty();
        assertThat(store.replays().recalled(BUS, MANY)).hasSize(MANY / 2);
        assertThat(store.replays().recallAll(Optional.empty())).isEqualTo(MANY);
        clock.advance(Duration.ofDays(-1));
        reopenAfterPowerCut();
        assertThat(store.replays().recalled(CRM, MANY)).hasSize(MANY / 2);
        assertThat(store.deliveries().deadLetters(Optional.empty(), MANY))
                .extracting(DeadLetter::diedAt)
                .containsOnly(time());
        clock.advance(Duration.ofSeconds(1));
        saveDeadLetter(1);
        assertThat(store.deliveries().pruneDeadLetters(time())).isEqualTo(MANY - 1);
        reopenAfterPowerCut();
        assertThat(store.deliveries().deadLetterCount()).isOne();
    }

    @Test
    void deferred_deliveries_come_sooner_once_and_all_states_are_brought_back() {
        clock.advance(Duration.ofDays(2));
        var ahead = time();
        var rows = LongStream.range(0, MANY)
                .mapToObj(place -> deferred(place, ahead.plus(Duration.ofHours(1))))
                .toList();
        store.deliveries().save(CRM, DeliveryPosition.at(JournalPosition.START), rows, List.of());
        for (var i = 0; i < 250; i++) {
            store.resyncs()
                    .store(new RecoveredPage(
                            ada.id(), EventOrigin.RESYNC, List.of(), "f" + i, new SyncState("s" + i), true));
        }
        clock.advance(Duration.ofDays(-1));
        reopen();
        assertThat(store.deliveries().deferred(CRM, "lane", MANY))
                .hasSize(MANY)
                .extracting(DeferredDelivery::nextAttemptAt)
                .containsOnly(time().plus(Duration.ofHours(1)));
        assertThat(store.resyncs().states(ada.id())).hasSize(250);
        assertThat(store.resyncs().states(ada.id()).values())
                .extracting(ResyncStore.FolderState::takenAt)
                .containsOnly(time());
    }

    private static DeferredDelivery deferred(long place, Instant next) {
        return new DeferredDelivery(
                CRM, new JournalPosition(place), "lane", 1, Optional.empty(), next, false, Optional.empty());
    }

    @Test
    void a_change_that_does_not_fit_is_refused_and_the_store_continues() {
        var address = new MailboxAddress("x".repeat(600) + "@example.com");
        var membership = new GroupMembership("inboxes", false);
        assertThatThrownBy(() -> store.mailboxes().enrol(address, membership))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("at most 512");
        assertThat(store.intake().accepting()).isTrue();
        assertThat(store.mailboxes().find(address)).isEmpty();
        store.mailboxes().enrol(new MailboxAddress("bob@example.com"), membership);
        reopenAfterPowerCut();
        assertThat(store.mailboxes().all()).hasSize(2);
    }
}
