package dev.tidemark.forwarder;

import static dev.tidemark.forwarder.SinkControllerFixture.CRM;
import static dev.tidemark.forwarder.TestEvents.ADA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.store.model.JournalPosition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Checks that a sink with an unreadable journal does not retry with each event and each response.
final class SinkWorkerTest {
    private final SinkControllerFixture rig = new SinkControllerFixture();
    private final MemoryStore store = rig.store;
    private final SinkWorker worker = new SinkWorker(CRM, rig.clock, unused(), send -> rig.controller());

    @Test
    void wakes_do_not_repeat_a_step_that_failed() {
        store.receive(ADA);
        store.failing(true);
        IntStream.range(0, 200).forEach(wake -> worker.runStep());
        assertThat(store.failures()).isOne();
    }

    @Test
    void attempts_double_their_distance_up_to_half_a_minute_until_one_succeeds() {
        var event = store.receive(ADA);
        store.failing(true);
        for (var seconds : List.of(1, 2, 4, 8, 16, 30, 30)) {
            assertThat(worker.runStep()).contains(rig.clock.instant().plusSeconds(seconds));
            rig.clock.advance(Duration.ofSeconds(seconds));
        }
        store.failing(false);
        worker.runStep();
        assertThat(rig.eventsInFlight()).containsExactly(event);
        store.receive(ADA);
        store.failing(true);
        rig.clock.advance(Duration.ofSeconds(1));
        assertThat(worker.runStep()).contains(rig.clock.instant().plusSeconds(1));
    }

    @Test
    void a_worker_without_a_permit_sends_nothing_until_it_has_one() {
        var event = store.receive(ADA);
        var permitted = new AtomicBoolean();
        var leased = new SinkWorker(CRM, rig.clock, unused(), send -> rig.controller(), permitted::get);
        assertThat(leased.runStep()).contains(rig.clock.instant().plusSeconds(1));
        assertThat(rig.eventsInFlight()).isEmpty();
        permitted.set(true);
        leased.runStep();
        assertThat(rig.eventsInFlight()).containsExactly(event);
    }

    @Test
    void a_request_whose_permit_ends_before_it_is_sent_waits_as_if_it_was_not_tried() throws Exception {
        store.receive(ADA);
        rig.step();
        var batch = rig.requests().getFirst();
        var withheld = new CompletableFuture<DeliveryBatch>();
        try (var sender = new ThreadPoolBatchSender(
                CRM,
                EventSenderTest.sender(() -> new DeliveryResult.Accepted()),
                rig.stats,
                1,
                rig.clock,
                () -> false)) {
            sender.send(
                    batch,
                    (sent, result) -> withheld.completeExceptionally(new AssertionError("sent")),
                    withheld::complete);
            assertThat(withheld.get(1, TimeUnit.MINUTES)).isSameAs(batch);
        }
        rig.controller().onWithheld(batch);
        rig.step();
        assertThat(rig.requests())
                .hasSize(2)
                .last()
                .extracting(DeliveryBatch::attempt)
                .isEqualTo(1);
    }

    @Test
    void a_request_on_a_stale_connection_is_not_sent_again_without_a_permit() throws Exception {
        store.receive(ADA);
        rig.step();
        var batch = rig.requests().getFirst();
        var permitted = new AtomicBoolean(true);
        var sent = new AtomicInteger();
        var stale = EventSenderTest.sender(() -> {
            sent.incrementAndGet();
            permitted.set(false);
            return new DeliveryResult.Stale();
        });
        var withheld = new CompletableFuture<DeliveryBatch>();
        try (var sender = new ThreadPoolBatchSender(CRM, stale, rig.stats, 1, rig.clock, permitted::get)) {
            sender.send(
                    batch,
                    (again, result) -> withheld.completeExceptionally(new AssertionError("sent again")),
                    withheld::complete);
            assertThat(withheld.get(1, TimeUnit.MINUTES)).isSameAs(batch);
        }
        assertThat(sent).hasValue(1);
    }

    @Test
    void progress_of_a_replay_is_saved_at_the_end() throws Exception {
        var saved = replayUnsaved();
        end();
        assertThat(store.running().getFirst().after()).isGreaterThan(saved);
    }

    @Test
    void progress_of_a_replay_is_refused_once_another_node_has_the_lease() throws Exception {
        var saved = replayUnsaved();
        store.loseLease(CRM);
        end();
        assertThat(store.running().getFirst().after()).isEqualTo(saved);
    }

    /// Replays some events; returns the progress that the store has.
    private JournalPosition replayUnsaved() {
        IntStream.range(0, 10).forEach(each -> store.receive(ADA));
        rig.step();
        while (!rig.requests().isEmpty()) {
            rig.answerAll(SinkControllerFixture.OK);
        }
        rig.replay(
                new ReplayRequest(JournalPosition.START, store.end(), Optional.empty(), Optional.empty(), 10, false));
        for (var i = 0; i < 4; i++) {
            rig.advance(Duration.ofMillis(100)).answerAll(SinkControllerFixture.OK);
        }
        return store.running().getFirst().after();
    }

    private void end() throws InterruptedException {
        var leased = new SinkWorker(CRM, rig.clock, unused(), send -> rig.controller());
        leased.start();
        leased.beginStop();
        leased.abandon();
    }

    @Test
    void a_worker_stops_for_good_once_its_position_is_refused() {
        store.receive(ADA);
        worker.runStep();
        rig.answerAll(SinkControllerFixture.OK);
        store.loseLease(CRM);
        store.receive(ADA);
        rig.clock.advance(Duration.ofSeconds(1));
        assertThat(worker.runStep()).isEmpty();
        assertThat(rig.eventsInFlight()).isEmpty();
    }

    /// The fixture's controller sends to the fixture and never to this sender.
    private ThreadPoolBatchSender unused() {
        return new ThreadPoolBatchSender(
                CRM, EventSenderTest.sender(() -> new DeliveryResult.Accepted()), rig.stats, 1, rig.clock);
    }
}
