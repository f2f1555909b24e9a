package dev.tidemark.contract;

import static dev.tidemark.contract.ExchangeNotifications.mail;
import static dev.tidemark.contract.ExchangeNotifications.mark;
import static dev.tidemark.contract.ExchangeNotifications.notification;
import static dev.tidemark.contract.ExchangeNotifications.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.ResyncStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.RecoveredPage.RecoveredChange;
import dev.tidemark.store.model.RecoveredPage.RecoveryCounts;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SyncState;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Promises of [ResyncStore].
public abstract class ResyncContract extends WatermarkStoreContract {
    private RecoveredChange found(ChangeKind kind, String item) {
        return new RecoveredChange(kind, ItemId.of(item), Optional.empty(), time());
    }

    private RecoveredPage page(String state, boolean complete, RecoveredChange... found) {
        return new RecoveredPage(
                ada.id(), EventOrigin.RESYNC, Arrays.asList(found), "inbox", new SyncState(state), complete);
    }

    /// Starts a subscription without a watermark, beside a resync.
    private AttemptId subscribedWithoutWatermark() {
        var since = time().minus(Duration.ofHours(1));
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.SILENCE, "print", Optional.empty());
        var response = new SubscribeResult(subscription("s2"), Optional.of(mark("x0")));
        store.subscriptions().confirm(attempt, response, Optional.of(since));
        store.resyncs().prepare(ada.id(), since);
        return attempt;
    }

    @Test
    void stores_a_page_and_its_state_together() {
        subscribedWithoutWatermark();
        var page = page("state-1", false, found(ChangeKind.NEW_MAIL, "m1"), found(ChangeKind.DELETED, "m0"));
        assertThat(store.resyncs().store(page)).isEqualTo(new RecoveryCounts(1, 0, 1, 0));
        reopenAfterPowerCut();
        assertThat(store.resyncs().state(ada.id(), "inbox"))
                .contains(new ResyncStore.FolderState(new SyncState("state-1"), time(), false));
        assertThat(items()).containsExactly("m1", "m0");
        assertThat(journal().getLast().origin()).contains(EventOrigin.RESYNC);
        assertThat(now().origin()).contains(EventOrigin.RESYNC);
        assertSequencesContiguous();
    }

    @Test
    void a_state_in_the_middle_of_a_folder_is_as_old_as_the_one_it_was_reached_from() {
        subscribedWithoutWatermark();
        store.resyncs().store(page("whole", true));
        var takenAt = time();
        clock.advance(Duration.ofDays(3));
        store.resyncs().store(page("half", false));
        assertThat(store.resyncs().state(ada.id(), "inbox"))
                .contains(new ResyncStore.FolderState(new SyncState("half"), takenAt, false));
        store.resyncs().store(page("whole again", true));
        assertThat(store.resyncs().state(ada.id(), "inbox"))
                .contains(new ResyncStore.FolderState(new SyncState("whole again"), time(), true));
    }

    @Test
    void a_modification_is_reported_if_the_creation_is_known_and_otherwise_is_part_of_it() {
        var first = subscribed("s1");
        record(first, notification("s1", "w0", mail("known", "w1", time())));
        clock.advance(Duration.ofMinutes(5));
        subscribedWithoutWatermark();
        store.resyncs()
                .store(page(
                        "state-1",
                        true,
                        found(ChangeKind.NEW_MAIL, "known"),
                        found(ChangeKind.MODIFIED, "known"),
                        found(ChangeKind.NEW_MAIL, "fresh"),
                        found(ChangeKind.MODIFIED, "fresh")));
        assertThat(items()).containsExactly("known", "known", "fresh");
    }

    @Test
    void a_page_of_a_mailbox_that_was_removed_meanwhile_is_read_again_if_it_comes_back() {
        subscribedWithoutWatermark();
        store.mailboxes().remove(ada.id());
        assertThat(store.resyncs().store(page("state-1", true, found(ChangeKind.NEW_MAIL, "m1"))))
                .isEqualTo(RecoveryCounts.NONE);
        assertThat(store.resyncs().state(ada.id(), "inbox")).isEmpty();
    }

    @Test
    void drops_events_that_push_has_reported() {
        var first = subscribed("s1");
        record(first, notification("s1", "w0", mail("m1", "w1", time())));
        clock.advance(Duration.ofMinutes(30));
        subscribedWithoutWatermark();
        assertThat(store.resyncs()
                        .store(page(
                                "state-1", true, found(ChangeKind.NEW_MAIL, "m1"), found(ChangeKind.NEW_MAIL, "m2"))))
                .isEqualTo(new RecoveryCounts(1, 0, 0, 1));
        assertThat(items()).containsExactly("m1", "m2");
    }

    @Test
    void drops_events_that_push_reports_meanwhile_and_push_drops_those_that_it_finds() {
        var attempt = subscribedWithoutWatermark();
        record(attempt, notification("s2", "x0", mail("m1", "x1", time())));
        assertThat(store.resyncs()
                        .store(page(
                                "state-1", true, found(ChangeKind.NEW_MAIL, "m1"), found(ChangeKind.NEW_MAIL, "m2"))))
                .isEqualTo(new RecoveryCounts(1, 0, 0, 1));
        assertThat(record(attempt, notification("s2", "x1", mail("m2", "x2", time()))))
                .isEqualTo(new IntakeOutcome.Repeated(1));
        store.resyncs().recordCompletion(ada.id(), "sync", new RecoveryCounts(1, 0, 0, 1), Duration.ofSeconds(2));
        assertThat(record(attempt, notification("s2", "x2", mail("m2", "x3", time()), mail("m3", "x4", time()))))
                .isEqualTo(new IntakeOutcome.Stored(1, 1));
        assertThat(items()).containsExactly("m1", "m2", "m3");
    }

    @Test
    void a_page_that_is_stored_again_after_a_power_cut_repeats_nothing() {
        subscribedWithoutWatermark();
        var page = page(
                "state-1",
                false,
                found(ChangeKind.NEW_MAIL, "m1"),
                found(ChangeKind.MODIFIED, "m2"),
                found(ChangeKind.MODIFIED, "m2"));
        assertThat(store.resyncs().store(page)).isEqualTo(new RecoveryCounts(1, 1, 0, 1));
        reopenAfterPowerCut();
        store.resyncs().prepare(ada.id(), time().minus(Duration.ofHours(1)));
        assertThat(store.resyncs().store(page)).isEqualTo(new RecoveryCounts(0, 0, 0, 3));
    }

    @Test
    void completion_clears_pending_work_and_reports_the_result() {
        subscribedWithoutWatermark();
        store.resyncs().recordCompletion(ada.id(), "sync", new RecoveryCounts(3, 2, 1, 4), Duration.ofMillis(1500));
        reopenAfterPowerCut();
        assertThat(now().resyncSince()).isEmpty();
        assertThat(now().due()).isEmpty();
        assertThat(now().state()).isEqualTo(new MailboxState.Active());
        var last = journal().getLast();
        assertThat(last.type()).isEqualTo("mailbox.resync.completed");
        assertThat(((EventData.Lifecycle) last.data()).fields())
                .containsExactly(
                        Map.entry("method", "sync"),
                        Map.entry("created", 3L),
                        Map.entry("modified", 2L),
                        Map.entry("deleted", 1L),
                        Map.entry("duplicatesSuppressed", 4L),
                        Map.entry("durationMs", 1500L));
    }

    @Test
    void a_gap_that_opened_beside_a_resync_is_still_pending_after_it() {
        var attempt = subscribedWithoutWatermark();
        record(attempt, notification("s2", "x0", mail("m1", "x1", time())));
        record(attempt, notification("s2", "x2", mail("m3", "x3", time())));
        store.resyncs().recordCompletion(ada.id(), "sync", RecoveryCounts.NONE, Duration.ZERO);
        assertThat(now().due().orElseThrow().reason()).isEqualTo(SubscribeReason.GAP);
    }

    @Test
    void forgets_a_state_that_exchange_refused_and_keeps_long_ones_whole() {
        var state = "x".repeat(200_000);
        subscribedWithoutWatermark();
        store.resyncs().store(page(state, true));
        assertThat(store.resyncs().state(ada.id(), "inbox").orElseThrow().state())
                .isEqualTo(new SyncState(state));
        store.resyncs().forget(ada.id(), "inbox");
        assertThat(store.resyncs().state(ada.id(), "inbox")).isEmpty();
    }
}
