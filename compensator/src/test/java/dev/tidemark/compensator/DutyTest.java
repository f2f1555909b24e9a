package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.compensator.CompensatorCounters.RepairOutcome;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Gives the duty to do the timed work to a node, and takes it away.
class DutyTest {
    private static final String ADA = "ada@example.com";
    private static final Duration SWEEP = Duration.ofMillis(20);

    @TempDir
    private Path folder;

    private final AtomicBoolean isHere = new AtomicBoolean();
    private final AtomicBoolean isLostByRepairs = new AtomicBoolean();
    private final AtomicBoolean isIdleDuringTask = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();
    private CompensatorTestBed testBed;

    @BeforeEach
    void start() {
        testBed = new CompensatorTestBed(folder);
        testBed.start(
                CompensatorTestBed.config(SWEEP, 20),
                List.of(ADA),
                new Compensator.Duty(this::isHere, Duration.ofSeconds(10)));
    }

    @AfterEach
    void close() {
        testBed.close();
    }

    private boolean isHere() {
        asked.incrementAndGet();
        var isRepair = Thread.currentThread().getName().startsWith("compensation-");
        if (isHere.get() && !isRepair && testBed.compensator != null && testBed.compensator.isIdle()) {
            isIdleDuringTask.set(true);
        }
        return isHere.get() && !(isRepair && isLostByRepairs.get());
    }

    /// Waits until each periodic task has come up again.
    private void awaitSweeps() {
        var before = asked.get();
        await().until(() -> asked.get() > before + 20);
    }

    private void takeOver() {
        isHere.set(true);
        testBed.compensator.takeOver();
        await().until(() -> testBed.mailbox(ADA).live().isPresent());
    }

    @Test
    void a_node_without_the_duty_starts_nothing() {
        testBed.compensator.raise(testBed.mailbox(ADA).id());
        testBed.compensator.request(testBed.mailbox(ADA).id(), "resubscribe", "asked");
        awaitSweeps();
        assertThat(testBed.exchange.subscribed).isEmpty();
        await().until(testBed.compensator::isIdle);
    }

    @Test
    void a_node_that_loses_the_duty_during_a_sweep_skips_the_repairs_of_that_sweep() {
        isLostByRepairs.set(true);
        isHere.set(true);
        testBed.compensator.takeOver();
        var skipped = new RepairOutcome("resubscribe", "skipped");
        await().until(() -> testBed.compensator.counters().outcomes().get(skipped) > 0);
        assertThat(testBed.exchange.subscribed).isEmpty();
        isLostByRepairs.set(false);
        takeOver();
    }

    @Test
    void a_node_is_not_idle_during_a_sweep() {
        takeOver();
        isIdleDuringTask.set(false);
        awaitSweeps();
        assertThat(isIdleDuringTask).isFalse();
    }

    @Test
    void a_node_that_takes_over_checks_every_mailbox() {
        awaitSweeps();
        takeOver();
        assertThat(testBed.exchange.subscribed).containsExactly(ADA);
    }

    @Test
    void a_node_finds_the_work_that_another_node_left_in_the_store() {
        takeOver();
        testBed.heartbeat(ADA);
        testBed.store
                .subscriptions()
                .scheduleCompensation(
                        testBed.mailbox(ADA).id(),
                        new PendingCompensation(SubscribeReason.GAP, testBed.clock.instant(), false, "gap"));
        testBed.clock.advance(Duration.ofSeconds(10));
        await().until(() -> testBed.exchange.subscribed.size() == 2);
    }

    @Test
    void a_node_that_lost_the_duty_starts_nothing_more() {
        takeOver();
        isHere.set(false);
        await().until(testBed.compensator::isIdle);
        testBed.clock.advance(Duration.ofDays(1));
        awaitSweeps();
        assertThat(testBed.exchange.subscribed).containsExactly(ADA);
        takeOver();
        await().until(() -> testBed.exchange.subscribed.size() == 2);
    }
}
