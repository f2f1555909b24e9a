package dev.tidemark.subscriber.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.ExchangeOffsets;
import dev.tidemark.subscriber.FakeExchange;
import dev.tidemark.subscriber.ScriptedClient;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.connection.ExchangeGateway.SendResult;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionGateTest {
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final MailboxAddress EVE = new MailboxAddress("eve@example.com");
    private static final MailboxAddress BOB = new MailboxAddress("bob@example.com");
    private static final Duration ASKED = Duration.ofSeconds(100);
    private static final EwsRequest<?> REQUEST =
            new EwsRequest.GetFolder(List.of(new FolderRef.Distinguished("inbox")));

    private final SteppedTimeline time = new SteppedTimeline(Instant.parse("2026-11-01T09:00:00Z"));
    private final SubscriberStats tally = new SubscriberStats();
    private final ScriptedClient client = new ScriptedClient();
    private final List<Future<?>> started = new ArrayList<>();

    @AfterEach
    void nothing_failed_unseen() throws Exception {
        for (var each : started) {
            each.get(1, TimeUnit.MINUTES);
        }
    }

    @Test
    void no_more_requests_at_once_than_allowed() throws Exception {
        client.hold();
        var gate = gate(new ConnectionLimits(2, 0));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sent = IntStream.range(0, 5)
                    .mapToObj(ignored -> threads.submit(() -> send(gate, ADA)))
                    .toList();
            await().until(() -> client.inFlight.get() == 2 && waiting(gate) == 3);
            client.letGo();
            for (var each : sent) {
                each.get(1, TimeUnit.MINUTES);
            }
        }
        assertThat(client.maxInFlight.get()).isEqualTo(2);
        assertThat(tally.snapshot().requests()).isEqualTo(5);
        assertThat(gate.budget().inFlight()).isZero();
    }

    @Test
    void the_most_urgent_goes_first_and_among_equals_who_came_first() throws Exception {
        client.hold();
        var gate = gate(new ConnectionLimits(1, 0));
        var order = new ArrayList<RequestPriority>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            started.add(threads.submit(() -> send(gate, ADA)));
            await().until(() -> client.inFlight.get() == 1);
            var waiting = 0;
            for (var priority : List.of(
                    RequestPriority.SNAPSHOT,
                    RequestPriority.POLL,
                    RequestPriority.SUBSCRIBE,
                    RequestPriority.DETAIL)) {
                started.add(threads.submit(() -> gate.sendWithoutMailbox(priority, () -> {
                    order.add(priority);
                    return new EwsResult.Success<>("yes");
                })));
                var expected = ++waiting;
                await().until(() -> waiting(gate) == expected);
            }
            assertThat(gate.budget().waiting())
                    .containsEntry(RequestPriority.POLL, 1L)
                    .containsEntry(RequestPriority.COMPENSATION, 0L);
            client.letGo();
        }
        assertThat(order)
                .containsExactly(
                        RequestPriority.SUBSCRIBE,
                        RequestPriority.DETAIL,
                        RequestPriority.POLL,
                        RequestPriority.SNAPSHOT);
    }

    @Test
    void so_many_a_second_by_the_clock_that_was_given() throws Exception {
        var gate = gate(new ConnectionLimits(8, 10));
        send(gate, ADA);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            started.add(threads.submit(() -> send(gate, ADA)));
            started.add(threads.submit(() -> send(gate, ADA)));
            await().until(() -> waiting(gate) == 2);
            assertThat(client.sent.get()).isEqualTo(1);
            time.advance(Duration.ofMillis(99));
            assertThat(waiting(gate)).isEqualTo(2);
            time.advance(Duration.ofMillis(1));
            await().until(() -> client.sent.get() == 2);
            time.advance(Duration.ofMillis(100));
        }
        assertThat(client.sent.get()).isEqualTo(3);
    }

    @Test
    void busy_holds_back_that_mailbox_and_no_other_request_is_sent_for_it() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        client.busy(ASKED);
        send(gate, ADA);
        assertThat(send(gate, ADA)).isEqualTo(held(ASKED));
        assertThat(gate.backoffUntil(ADA)).contains(time.instant().plus(ASKED));
        assertThat(gate.budget().mailboxesInBackoff()).isOne();
        assertThat(send(gate, EVE)).isInstanceOf(SendResult.Answered.class);
        time.advance(ASKED);
        assertThat(send(gate, ADA)).isInstanceOf(SendResult.Answered.class);
        assertThat(tally.snapshot().pauses()).isZero();
    }

    @Test
    void three_busy_mailboxes_within_ten_seconds_pause_the_connection() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        for (var mailbox : List.of(ADA, ADA, EVE)) {
            client.busy(ASKED);
            send(gate, mailbox);
            time.advance(Duration.ofSeconds(4));
        }
        assertThat(send(gate, new MailboxAddress("free@example.com"))).isInstanceOf(SendResult.Answered.class);
        client.busy(ASKED);
        send(gate, BOB);
        assertThat(send(gate, new MailboxAddress("free@example.com"))).isEqualTo(held(ASKED));
        assertThat(tally.snapshot().pauses()).isOne();
    }

    @Test
    void busy_mailboxes_far_apart_are_no_crowd() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        for (var mailbox : List.of(ADA, EVE, BOB)) {
            client.busy(ASKED);
            send(gate, mailbox);
            time.advance(Duration.ofSeconds(6));
        }
        assertThat(send(gate, new MailboxAddress("free@example.com"))).isInstanceOf(SendResult.Answered.class);
    }

    @Test
    void without_impersonation_one_account_pays_for_all() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0, false));
        client.busy(ASKED);
        send(gate, ADA);
        // the pause of a connection has jitter, so that mailboxes do not return together
        assertThat(send(gate, EVE)).isEqualTo(held(Duration.ofSeconds(110)));
    }

    @Test
    void busy_without_a_mailbox_pauses_the_connection() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        gate.sendWithoutMailbox(RequestPriority.SUBSCRIBE, () -> new EwsResult.Refused<>(busy(Optional.of(ASKED))));
        assertThat(send(gate, EVE)).isEqualTo(held(Duration.ofSeconds(110)));
    }

    @Test
    void busy_without_a_time_waits_longer_each_time() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        for (var seconds : new int[] {8, 16, 32}) {
            client.next(busy(Optional.empty()));
            send(gate, ADA);
            assertThat(gate.backoffUntil(ADA)).contains(time.instant().plusSeconds(seconds));
            time.advance(Duration.ofSeconds(seconds));
        }
        send(gate, ADA);
        client.next(busy(Optional.empty()));
        send(gate, ADA);
        assertThat(gate.backoffUntil(ADA)).contains(time.instant().plusSeconds(8));
    }

    @ParameterizedTest
    @CsvSource({"ConnectionRefused, 15", "Http503, 15", "Http429, 60"})
    void who_cannot_be_reached_is_asked_for_often(String code, int longest) throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        for (var tries = 0; tries < 10; tries++) {
            client.next(FakeExchange.error(code));
            send(gate, ADA);
            var held = Duration.between(time.instant(), gate.backoffUntil(EVE).orElseThrow());
            assertThat(held).isLessThanOrEqualTo(Duration.ofSeconds(longest));
            time.advance(held);
        }
        client.next(FakeExchange.error(code));
        send(gate, ADA);
        assertThat(gate.backoffUntil(EVE)).contains(time.instant().plusSeconds(longest));
    }

    @Test
    void one_trouble_counts_once_however_many_requests_it_hits() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        client.hold();
        client.next(FakeExchange.error("ConnectionRefused"));
        client.next(FakeExchange.error("ConnectionRefused"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            started.add(threads.submit(() -> send(gate, ADA)));
            started.add(threads.submit(() -> send(gate, EVE)));
            await().until(() -> client.inFlight.get() == 2);
            client.letGo();
        }
        assertThat(tally.snapshot().pauses()).isOne();
        assertThat(tally.snapshot().refused()).isEqualTo(2);
    }

    @Test
    void waiting_callers_return_at_once_when_the_connection_pauses() throws Exception {
        var gate = gate(new ConnectionLimits(1, 0));
        client.hold();
        client.next(FakeExchange.error("Http503"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            started.add(threads.submit(() -> send(gate, ADA)));
            await().until(() -> client.inFlight.get() == 1);
            var others = IntStream.range(0, 100)
                    .mapToObj(ignored -> threads.submit(() -> send(gate, EVE)))
                    .toList();
            await().until(() -> waiting(gate) == 100);
            client.letGo();
            for (var each : others) {
                assertThat(each.get(1, TimeUnit.MINUTES)).isEqualTo(held(Duration.ofSeconds(2)));
            }
        }
        assertThat(client.sent.get()).isOne();
    }

    @Test
    void too_many_at_once_halves_the_width_and_it_comes_back_step_by_step() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        client.next(new EwsError.RetryNarrower(new ResponseCode("ErrorExceededConnectionCount"), "Too many."));
        send(gate, ADA);
        assertThat(gate.budget().allowed()).isEqualTo(4);
        send(gate, ADA);
        assertThat(gate.budget().allowed()).isEqualTo(4);
        for (var allowed : new int[] {5, 6, 7, 8, 8}) {
            time.advance(Duration.ofSeconds(30));
            send(gate, ADA);
            assertThat(gate.budget().allowed()).isEqualTo(allowed);
        }
        assertThat(gate.budget().limitReductions()).isOne();
    }

    @Test
    void one_request_at_a_time_is_the_least() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        for (var i = 0; i < 5; i++) {
            client.next(new EwsError.RetryNarrower(new ResponseCode("ErrorExceededConnectionCount"), "Too many."));
            send(gate, ADA);
        }
        assertThat(gate.budget().allowed()).isOne();
        assertThat(gate.budget().limitReductions()).isEqualTo(3);
    }

    @Test
    void requests_that_were_under_way_together_narrow_once() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        client.hold();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < 8; i++) {
                client.next(new EwsError.RetryNarrower(new ResponseCode("ErrorExceededConnectionCount"), "Too many."));
                started.add(threads.submit(() -> send(gate, ADA)));
            }
            await().until(() -> client.inFlight.get() == 8);
            client.letGo();
        }
        assertThat(gate.budget().allowed()).isEqualTo(4);
    }

    @Test
    void a_login_in_doubt_is_shown_one_at_a_time_until_it_works() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        client.next(FakeExchange.error("Http401"));
        send(gate, ADA);
        assertThat(gate.backoffUntil(ADA)).isPresent();
        assertThat(gate.backoffUntil(EVE)).isEmpty();
        assertThat(gate.budget().allowed()).isOne();
        client.hold();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            started.add(threads.submit(() -> send(gate, EVE)));
            started.add(threads.submit(() -> send(gate, BOB)));
            await().until(() -> client.inFlight.get() == 1 && waiting(gate) == 1);
            client.letGo();
        }
        assertThat(client.maxInFlight.get()).isOne();
        assertThat(gate.budget().allowed()).isEqualTo(8);
    }

    @Test
    void a_login_refused_for_several_requests_pauses_the_connection() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        client.next(new EwsError.RetryAfter(new ResponseCode("Http401"), "Refused.", Optional.of(ASKED)));
        send(gate, ADA);
        assertThat(send(gate, EVE)).isInstanceOf(SendResult.BackedOff.class);
        assertThat(gate.budget().pauses()).isOne();
    }

    @Test
    void a_stopped_gate_sends_nothing_and_lets_no_caller_wait() throws Exception {
        var gate = gate(new ConnectionLimits(1, 0));
        client.hold();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            started.add(threads.submit(() -> send(gate, ADA)));
            await().until(() -> client.inFlight.get() == 1);
            var other = threads.submit(() -> send(gate, EVE));
            await().until(() -> waiting(gate) == 1);
            gate.stop();
            assertThat(other.get(1, TimeUnit.MINUTES)).isEqualTo(new SendResult.Stopping<>());
            client.letGo();
        }
    }

    @Test
    void an_interrupted_wait_leaves_the_turn_to_others() throws Exception {
        var gate = gate(new ConnectionLimits(1, 0));
        client.hold();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            started.add(threads.submit(() -> send(gate, ADA)));
            await().until(() -> client.inFlight.get() == 1);
            var impatient = threads.submit(() -> send(gate, EVE));
            var patient = threads.submit(() -> send(gate, BOB));
            await().until(() -> waiting(gate) == 2);
            impatient.cancel(true);
            await().until(() -> waiting(gate) == 1);
            client.letGo();
            assertThat(patient.get(1, TimeUnit.MINUTES)).isInstanceOf(SendResult.Answered.class);
        }
        assertThat(client.sent.get()).isEqualTo(2);
    }

    @Test
    void nothing_is_sent_during_a_pause_by_an_operator() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        var until = time.instant().plus(Duration.ofHours(2));
        gate.pause(until);
        assertThat(send(gate, ADA))
                .isEqualTo(new SendResult.BackedOff<>(until, "An operator paused the connection until then"));
        assertThat(gate.<Boolean>runIgnoringBackoff(ADA, () -> client.sent.get() == 0))
                .isTrue();
        assertThat(gate.status().state()).isEqualTo(ConnectionStatus.State.PAUSED);
        assertThat(gate.backoffUntil()).contains(until);
        gate.resume();
        assertThat(send(gate, ADA)).isInstanceOf(SendResult.Answered.class);
        assertThat(gate.status().state()).isEqualTo(ConnectionStatus.State.AVAILABLE);
    }

    @Test
    void a_pause_ends_at_its_time() throws Exception {
        var gate = gate(new ConnectionLimits(8, 0));
        gate.pause(time.instant().plus(Duration.ofHours(2)));
        time.advance(Duration.ofHours(2));
        assertThat(send(gate, ADA)).isInstanceOf(SendResult.Answered.class);
    }

    @Test
    void other_limits_let_waiting_requests_go() throws Exception {
        client.hold();
        var gate = gate(new ConnectionLimits(1, 0));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < 3; i++) {
                started.add(threads.submit(() -> send(gate, ADA)));
            }
            await().until(() -> client.inFlight.get() == 1 && waiting(gate) == 2);
            gate.setLimits(new ConnectionLimits(3, 0));
            await().until(() -> client.inFlight.get() == 3);
            assertThat(gate.budget().allowed()).isEqualTo(3);
            client.letGo();
        }
    }

    private ConnectionGate gate(ConnectionLimits limits) {
        var circumstances = new ConnectionGate.Dependencies(
                time, () -> 0.5, time, (type, fields) -> {}, ExchangeOffsets.NONE, new ConnectionNeighbors());
        return new ConnectionGate("onprem", client, limits, tally, circumstances);
    }

    private SendResult<?> held(Duration pause) {
        return new SendResult.BackedOff<>(time.instant().plus(pause), "The connection or mailbox backs off until then");
    }

    private static long waiting(ConnectionGate gate) {
        return gate.budget().waiting().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static SendResult<?> send(ConnectionGate gate, MailboxAddress mailbox) throws InterruptedException {
        return gate.send(RequestPriority.SUBSCRIBE, mailbox, REQUEST);
    }

    private static EwsError.RetryAfter busy(Optional<Duration> backOff) {
        return new EwsError.RetryAfter(new ResponseCode("ErrorServerBusy"), "Busy.", backOff);
    }
}
