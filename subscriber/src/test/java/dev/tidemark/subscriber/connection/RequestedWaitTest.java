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
import dev.tidemark.subscriber.connection.ConnectionStatus.State;
import dev.tidemark.subscriber.connection.ExchangeGateway.SendResult;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks waits that Exchange asks for, at the gate of one connection.
class RequestedWaitTest {
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final MailboxAddress EVE = new MailboxAddress("eve@example.com");
    private static final MailboxAddress BOB = new MailboxAddress("bob@example.com");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final EwsRequest<?> REQUEST =
            new EwsRequest.GetFolder(List.of(new FolderRef.Distinguished("inbox")));

    private final SteppedTimeline time = new SteppedTimeline(Instant.parse("2026-11-01T09:00:00Z"));
    private final ScriptedClient client = new ScriptedClient();
    private final List<String> events = new ArrayList<>();
    private final ConnectionGate gate = gate(new ConnectionLimits(8, 0));

    @Test
    void a_wait_up_to_the_limit_is_obeyed() throws Exception {
        asks("Http503", ConnectionLimits.DEFAULT_MAX_BACKOFF);
        assertThat(wait(send(gate, ADA))).isEqualTo(ConnectionLimits.DEFAULT_MAX_BACKOFF);
        time.advance(Duration.ofHours(1).minusSeconds(1));
        assertThat(send(gate, EVE)).isInstanceOf(SendResult.BackedOff.class);
        assertThat(client.sent.get()).isOne();
    }

    @Test
    void a_longer_one_is_probed_after_half_a_minute_doubling_to_fifteen() throws Exception {
        for (var seconds : new int[] {30, 60, 120, 240, 480, 900, 900}) {
            asks("Http503", YEAR);
            assertThat(wait(send(gate, ADA))).isEqualTo(Duration.ofSeconds(seconds));
            assertThat(gate.backoffUntil()).contains(time.instant().plusSeconds(seconds));
            time.advance(Duration.ofSeconds(seconds));
        }
        assertThat(events).containsExactly("connection.unavailable");
    }

    @Test
    void the_first_success_ends_it_and_the_next_one_begins_with_half_a_minute() throws Exception {
        for (var tries = 0; tries < 5; tries++) {
            asks("Http503", YEAR);
            send(gate, ADA);
            time.advance(Duration.ofMinutes(15));
        }
        assertThat(send(gate, EVE)).isInstanceOf(SendResult.Answered.class);
        assertThat(events).containsExactly("connection.unavailable", "connection.available");
        assertThat(gate.status().isAvailable()).isTrue();
        asks("Http503", YEAR);
        assertThat(wait(send(gate, ADA))).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void a_success_of_a_request_that_was_in_flight_ends_it_too() throws Exception {
        client.hold();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            asks("Http503", YEAR);
            var both = List.of(threads.submit(() -> send(gate, ADA)), threads.submit(() -> send(gate, EVE)));
            await().until(() -> client.inFlight.get() == 2);
            client.letGo();
            for (var each : both) {
                each.get(1, TimeUnit.MINUTES);
            }
        }
        send(gate, BOB);
        time.advance(Duration.ofSeconds(30));
        send(gate, BOB);
        assertThat(gate.backoffUntil()).isEmpty();
        assertThat(gate.status().isAvailable()).isTrue();
    }

    @Test
    void one_request_probes_and_the_others_wait_for_its_answer() throws Exception {
        asks("Http503", YEAR);
        send(gate, ADA);
        time.advance(Duration.ofSeconds(30));
        client.hold();
        asks("Http503", YEAR);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var probe = threads.submit(() -> send(gate, ADA));
            await().until(() -> client.inFlight.get() == 1);
            var others = List.of(threads.submit(() -> send(gate, EVE)), threads.submit(() -> send(gate, BOB)));
            await().until(() -> gate.budget().waiting().get(RequestPriority.SUBSCRIBE) == 2);
            client.letGo();
            assertThat(probe.get(1, TimeUnit.MINUTES)).isInstanceOf(SendResult.Answered.class);
            for (var each : others) {
                assertThat(each.get(1, TimeUnit.MINUTES)).isInstanceOf(SendResult.BackedOff.class);
            }
        }
        assertThat(client.maxInFlight.get()).isOne();
        assertThat(client.sent.get()).isEqualTo(2);
    }

    @Test
    void the_wait_of_one_mailbox_is_probed_alike_and_delays_no_other() throws Exception {
        for (var seconds : new int[] {30, 60, 120}) {
            asks("ErrorServerBusy", YEAR);
            assertThat(wait(send(gate, ADA))).isEqualTo(Duration.ofSeconds(seconds));
            assertThat(gate.backoffUntil(ADA)).contains(time.instant().plusSeconds(seconds));
            assertThat(send(gate, EVE)).isInstanceOf(SendResult.Answered.class);
            time.advance(Duration.ofSeconds(seconds));
        }
        send(gate, ADA);
        asks("ErrorServerBusy", YEAR);
        assertThat(wait(send(gate, ADA))).isEqualTo(Duration.ofSeconds(30));
        assertThat(events).isEmpty();
    }

    @Test
    void a_crowd_of_mailboxes_that_ask_for_a_year_holds_the_connection_for_half_a_minute() throws Exception {
        for (var mailbox : List.of(ADA, EVE, BOB)) {
            asks("ErrorServerBusy", YEAR);
            send(gate, mailbox);
        }
        assertThat(gate.backoffUntil()).contains(time.instant().plusSeconds(30));
        assertThat(events).containsExactly("connection.unavailable");
    }

    @Test
    void without_impersonation_the_account_is_probed() throws Exception {
        var account = gate(new ConnectionLimits(8, 0, false));
        asks("ErrorServerBusy", YEAR);
        send(account, ADA);
        assertThat(account.backoffUntil()).contains(time.instant().plusSeconds(30));
    }

    @Test
    void the_limit_is_the_connections_own() throws Exception {
        var strict = gate(new ConnectionLimits(8, 0, true, Duration.ofMinutes(2)));
        asks("Http503", Duration.ofSeconds(121));
        assertThat(wait(send(strict, ADA))).isEqualTo(Duration.ofSeconds(30));
        var patient = gate(new ConnectionLimits(8, 0, true, Duration.ofHours(24)));
        asks("Http503", Duration.ofHours(24));
        assertThat(wait(send(patient, ADA))).isEqualTo(Duration.ofHours(24));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 31_536_000_000L, 3_601})
    void no_length_overflows_and_state_reason_and_remedy_are_reported(long seconds) throws Exception {
        asks("Http503", Duration.ofSeconds(seconds));
        send(gate, ADA);
        var status = gate.status();
        assertThat(status)
                .returns(State.UNAVAILABLE, ConnectionStatus::state)
                .returns(Optional.of(time.instant().plusSeconds(30)), ConnectionStatus::backoffUntil);
        assertThat(status.reason().orElseThrow()).contains("Http503", "limits.max-backoff (3600 s)");
        assertThat(status.remedy()).isPresent();
        assertThat(gate.budget().backoffLeft()).contains(Duration.ofSeconds(30));
    }

    @Test
    void a_long_wait_that_is_obeyed_makes_the_connection_unavailable_and_stale_answers_do_not_end_that()
            throws Exception {
        client.hold();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            asks("Http503", Duration.ofMinutes(30));
            var both = List.of(threads.submit(() -> send(gate, ADA)), threads.submit(() -> send(gate, EVE)));
            await().until(() -> client.inFlight.get() == 2);
            client.letGo();
            for (var each : both) {
                each.get(1, TimeUnit.MINUTES);
            }
        }
        assertThat(gate.backoffUntil()).isPresent();
        assertThat(events).containsExactly("connection.unavailable");
        time.advance(Duration.ofMinutes(33));
        send(gate, BOB);
        assertThat(events).containsExactly("connection.unavailable", "connection.available");
    }

    @Test
    void a_token_endpoint_that_asks_for_a_wait_holds_the_connection() throws Exception {
        asks("ConnectionToken", Duration.ofMinutes(10));
        send(gate, ADA);
        assertThat(send(gate, EVE)).isInstanceOf(SendResult.BackedOff.class);
    }

    @Test
    void a_mailbox_that_gets_503_while_others_work_waits_by_itself() throws Exception {
        asks("Http503", Duration.ofMinutes(30));
        send(gate, ADA);
        time.advance(Duration.ofMinutes(33));
        send(gate, EVE);
        asks("Http503", Duration.ofMinutes(30));
        send(gate, ADA);
        assertThat(gate.backoffUntil(ADA)).isPresent();
        assertThat(send(gate, EVE)).isInstanceOf(SendResult.Answered.class);
        assertThat(events).containsExactly("connection.unavailable", "connection.available");
    }

    @ParameterizedTest
    @CsvSource({"3000, 1", "31536000, 1", "40, 0"})
    void a_longer_wait_within_a_short_pause_is_reported(long seconds, int reports) {
        answerInTurn(List.of(FakeExchange.error("Http503"), busyFor(seconds)));
        assertThat(gate.backoffUntil().orElseThrow()).isAfter(time.instant().plusSeconds(25));
        assertThat(events).isEqualTo(Collections.nCopies(reports, "connection.unavailable"));
        assertThat(gate.status().reason().orElseThrow()).contains("The server is busy.");
        assertThat(gate.budget().pauses()).as("one pause").isOne();
        assertThat(gate.budget().allowed()).isEqualTo(seconds > 3600 ? 1 : 8);
    }

    @Test
    void pauses_that_grow_bit_by_bit_are_reported_once_they_are_long() {
        answerInTurn(List.of(busyFor(40), busyFor(45), busyFor(50), busyFor(55), busyFor(60), busyFor(65)));
        assertThat(events).containsExactly("connection.unavailable");
    }

    /// Sends as many requests at once, which are refused in this order.
    private EwsResult<Object> inFlightTogether(List<EwsError> errors) {
        if (errors.size() > 1) {
            answerInTurn(errors.subList(0, errors.size() - 1));
        }
        return new EwsResult.Refused<>(errors.getLast());
    }

    private void answerInTurn(List<EwsError> errors) {
        try {
            gate.sendWithoutMailbox(RequestPriority.SUBSCRIBE, () -> inFlightTogether(errors));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void asks(String code, Duration wait) {
        client.next(new EwsError.RetryAfter(new ResponseCode(code), "The server is busy.", Optional.of(wait)));
    }

    private static EwsError busyFor(long seconds) {
        return new EwsError.RetryAfter(
                new ResponseCode("Http503"), "The server is busy.", Optional.of(Duration.ofSeconds(seconds)));
    }

    private ConnectionGate gate(ConnectionLimits limits) {
        var circumstances = new ConnectionGate.Dependencies(
                time,
                () -> 0,
                time,
                (type, fields) -> events.add(type),
                ExchangeOffsets.NONE,
                new ConnectionNeighbors());
        return new ConnectionGate("onprem", client, limits, new SubscriberStats(), circumstances);
    }

    private static SendResult<?> send(ConnectionGate gate, MailboxAddress mailbox) throws InterruptedException {
        return gate.send(RequestPriority.SUBSCRIBE, mailbox, REQUEST);
    }

    /// Returns the wait in the response, by which callers schedule the next try.
    private static Duration wait(SendResult<?> sent) {
        return sent instanceof SendResult.Answered<?>(EwsResult.Refused<?>(EwsError.RetryAfter retry))
                ? retry.backOff().orElseThrow()
                : Duration.ZERO;
    }
}
