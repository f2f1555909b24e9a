package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests the whole compensator with Quartz, the subscriber and the store.
class CompensatorTest {
    private static final Instant START = CompensatorTestBed.START;
    private static final String ADA = "ada@example.com";
    private static final Duration LIMIT = Duration.ofSeconds(2 * 600 + 90);

    @TempDir
    private Path folder;

    private CompensatorTestBed testBed;

    @BeforeEach
    void open() {
        testBed = new CompensatorTestBed(folder);
        start(Duration.ofHours(1), ADA);
        await().until(() -> mailbox().live().isPresent());
    }

    @AfterEach
    void close() {
        testBed.close();
    }

    @Test
    void a_new_mailbox_is_subscribed_at_the_start() {
        assertThat(testBed.exchange.subscribed).containsExactly(ADA);
        assertThat(types()).containsExactly("subscription.created");
        await().untilAsserted(() ->
                assertThat(testBed.compensator.counters().succeeded()).isOne());
    }

    @Test
    void a_trigger_is_handled_at_once_and_not_at_the_next_sweep() {
        testBed.heartbeat(ADA);
        testBed.store
                .subscriptions()
                .scheduleCompensation(
                        mailbox().id(), new PendingCompensation(SubscribeReason.OPERATOR, START, false, "asked"));
        testBed.compensator.raise(mailbox().id());
        await().until(() ->
                testBed.exchange.subscribed.size() == 2 && mailbox().due().isEmpty());
        assertThat(testBed.exchange.subscribed.getLast()).isEqualTo("ada@example.com from w1");
    }

    @Test
    void a_restart_within_the_limit_resubscribes_no_mailbox() {
        testBed.heartbeat(ADA);
        testBed.close();
        testBed.clock.advance(LIMIT.minusSeconds(1));
        // a new mailbox shows that the first sweep has passed
        start(Duration.ofHours(1), ADA, "eve@example.com");
        await().until(() -> testBed.compensator.counters().succeeded() == 1);
        assertThat(testBed.exchange.subscribed).containsExactly(ADA, "eve@example.com");
    }

    @Test
    void after_a_restart_past_the_limit_the_loss_is_reported_and_repaired_from_the_watermark() {
        testBed.heartbeat(ADA);
        testBed.close();
        testBed.clock.advance(LIMIT);
        start(Duration.ofHours(1), ADA);
        await().until(() -> testBed.compensator.counters().succeeded() == 1);
        assertThat(testBed.exchange.subscribed).containsExactly(ADA, ADA + " from w1");
        assertThat(types()).containsExactly("subscription.created", "subscription.lost", "subscription.created");
        assertThat(mailbox().state()).isEqualTo(new MailboxState.Active());
    }

    @Test
    void after_the_clock_was_set_back_before_a_restart_silence_is_noticed_in_time() {
        testBed.clock.advance(Duration.ofDays(40));
        testBed.heartbeat(ADA);
        testBed.close();
        testBed.clock.advance(Duration.ofDays(-40));
        start(Duration.ofMillis(50), ADA);
        testBed.clock.advance(LIMIT.minusSeconds(1));
        assertThat(testBed.exchange.subscribed).hasSize(1);
        testBed.clock.advance(Duration.ofSeconds(1));
        await().until(() -> testBed.exchange.subscribed.size() == 2);
    }

    @Test
    void after_the_clock_was_set_back_before_a_restart_a_pending_compensation_is_done_in_time() {
        testBed.clock.advance(Duration.ofDays(40));
        testBed.heartbeat(ADA);
        var later = testBed.clock.instant().plus(Duration.ofMinutes(15));
        testBed.store
                .subscriptions()
                .scheduleCompensation(
                        mailbox().id(), new PendingCompensation(SubscribeReason.GAP, later, false, "gap"));
        testBed.close();
        testBed.clock.advance(Duration.ofDays(-40));
        start(Duration.ofMillis(50), ADA);
        testBed.clock.advance(Duration.ofMinutes(15));
        await().until(() -> testBed.exchange.subscribed.size() == 2);
    }

    @Test
    void a_pending_compensation_is_done_even_if_the_trigger_got_lost() {
        testBed.heartbeat(ADA);
        testBed.close();
        start(Duration.ofMillis(50), ADA);
        var gap = new PendingCompensation(SubscribeReason.GAP, testBed.clock.instant(), false, "gap");
        testBed.store.subscriptions().scheduleCompensation(mailbox().id(), gap);
        testBed.clock.advance(Duration.ofMinutes(1));
        await().until(() -> testBed.exchange.subscribed.size() == 2);
    }

    @Test
    void the_sweep_notices_silence_without_a_trigger() {
        testBed.heartbeat(ADA);
        testBed.close();
        start(Duration.ofMillis(50), ADA);
        testBed.clock.advance(LIMIT);
        await().until(() -> testBed.exchange.subscribed.size() == 2);
    }

    @Test
    void a_resync_cut_short_by_a_kill_is_resumed_at_the_next_start() {
        testBed.heartbeat(ADA);
        testBed.close();
        testBed.openStore();
        var attempt = testBed.store
                .subscriptions()
                .begin(
                        mailbox().id(),
                        SubscribeReason.ERROR,
                        CompensatorTestBed.plan().fingerprint(),
                        Optional.empty());
        testBed.store.subscriptions().confirm(attempt, granted(), Optional.of(START));
        testBed.store.close();
        start(Duration.ofHours(1), ADA);
        await().until(() -> testBed.compensator.counters().resyncs() == 1);
        assertThat(testBed.exchange.subscribed).hasSize(1);
        assertThat(types()).last().isEqualTo("mailbox.resync.completed");
    }

    private static SubscribeResult granted() {
        return new SubscribeResult(new SubscriptionId("s9"), Optional.of(new Watermark("w9")));
    }

    private Mailbox mailbox() {
        return testBed.mailbox(ADA);
    }

    private List<String> types() {
        return testBed.store.journal().read(JournalPosition.START, 100).stream()
                .map(JournalEvent::type)
                .toList();
    }

    private void start(Duration sweepInterval, String... addresses) {
        testBed.start(
                CompensatorTestBed.config(sweepInterval, 20), List.of(addresses).reversed());
    }
}
