package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.compensator.CompensatorCounters.UpkeepCounters;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.SyncState;
import dev.tidemark.values.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepSchedulerTest {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(7);

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock(START);
    private final List<MailboxId> refreshed = new ArrayList<>();
    private final List<Runnable> running = new ArrayList<>();
    private SubscriptionOutcome outcome = new SubscriptionOutcome.Resynced(RecoveredPage.RecoveryCounts.NONE);
    private WatermarkStore store;
    private UpkeepScheduler upkeep;

    @BeforeEach
    void open() {
        store = StoreFactory.open(
                new StoreConfig(
                        "jdbc:h2:file:" + folder.resolve("tidemark"), "sa", "", "gw1", true, 0, Duration.ofMinutes(15)),
                clock);
        upkeep = new UpkeepScheduler(store, this::refresh, RETENTION, running::add, clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void a_mailbox_that_needs_something_else_is_not_refreshed() {
        var ada = subscribed("ada");
        store.resyncs().store(page(ada));
        store.subscriptions()
                .scheduleCompensation(ada, new PendingCompensation(SubscribeReason.GAP, START, false, "gap"));
        clock.advance(RETENTION);

        tick();

        assertThat(refreshed).isEmpty();
    }

    @Test
    void what_came_to_nothing_is_tried_again_not_before_its_time() {
        var ada = subscribed("ada");
        store.resyncs().store(page(ada));
        clock.advance(RETENTION);
        outcome = new SubscriptionOutcome.RetryAt(clock.instant().plusSeconds(300), "ErrorServerBusy", "busy");
        tick();
        clock.advance(Duration.ofSeconds(299));
        tick();
        assertThat(refreshed).hasSize(1);

        clock.advance(Duration.ofMinutes(10));
        tick();
        assertThat(refreshed).hasSize(2);
        assertThat(upkeep.counters().done()).isZero();
    }

    @Test
    void states_are_refreshed_at_half_the_retention_and_not_before() {
        var ada = subscribed("ada");
        subscribed("never-read");
        store.resyncs().store(page(ada));
        clock.advance(RETENTION.dividedBy(2).minus(Duration.ofMinutes(1)));
        tick();
        assertThat(refreshed).isEmpty();

        clock.advance(Duration.ofMinutes(11));
        tick();
        assertThat(refreshed).containsExactly(ada);
        assertThat(upkeep.counters().done()).isOne();
    }

    @Test
    void snapshots_are_brought_a_few_at_a_time_and_survive_a_restart() {
        var all = new ArrayList<MailboxId>();
        for (var number = 0; number < 12; number++) {
            all.add(enrolled("box" + number));
            store.resyncs().requestSnapshot(all.getLast(), START.minus(Duration.ofDays(3)));
            subscribe(all.getLast());
        }
        close();
        open();

        upkeep.tick(() -> {});

        assertThat(upkeep.counters()).isEqualTo(new UpkeepCounters(12, 0, 8, 0));
        finish();
        all.subList(0, 12)
                .forEach(id ->
                        store.resyncs().recordRefresh(id, "snapshot", RecoveredPage.RecoveryCounts.NONE, RETENTION));
        tick();
        assertThat(upkeep.counters().snapshots()).isZero();
        assertThat(refreshed).hasSize(8).doesNotHaveDuplicates();
    }

    @Test
    void a_mailbox_that_was_subscribed_before_needs_no_snapshot() {
        var ada = subscribed("ada");

        store.resyncs().requestSnapshot(ada, START);

        assertThat(store.mailboxes().find(ada).orElseThrow().snapshotSince()).isEmpty();
    }

    private void tick() {
        upkeep.tick(() -> {});
        finish();
    }

    private void finish() {
        List.copyOf(running).forEach(Runnable::run);
        running.clear();
    }

    private SubscriptionOutcome refresh(MailboxId id) {
        refreshed.add(id);
        return outcome;
    }

    private MailboxId subscribed(String name) {
        var id = enrolled(name);
        subscribe(id);
        return id;
    }

    private MailboxId enrolled(String name) {
        return store.mailboxes()
                .enrol(new MailboxAddress(name + "@example.com"), new GroupMembership("inboxes", false))
                .id();
    }

    private void subscribe(MailboxId id) {
        var attempt = store.subscriptions().begin(id, SubscribeReason.INITIAL, "f", Optional.empty());
        store.subscriptions()
                .confirm(
                        attempt,
                        new SubscribeResult(new SubscriptionId("s" + id), Optional.of(new Watermark("w"))),
                        Optional.empty());
    }

    private static RecoveredPage page(MailboxId id) {
        return new RecoveredPage(id, EventOrigin.RESYNC, List.of(), "inbox", new SyncState("s"), true);
    }
}
