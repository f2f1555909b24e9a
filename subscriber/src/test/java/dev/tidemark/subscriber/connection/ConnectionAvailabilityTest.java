package dev.tidemark.subscriber.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.subscriber.connection.ConnectionStatus.State;
import dev.tidemark.subscriber.connection.FaultAttribution.Fault;
import dev.tidemark.values.ResponseCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionAvailabilityTest {
    private static final EwsError PASSWORD =
            new EwsError.PermanentForConnection(new ResponseCode("Http401"), "Exchange refuses the password.");
    private static final EwsError TIME_OUT = retry("ConnectionTimeout");
    private static final EwsError BUSY = retry("ErrorServerBusy");

    private final SteppedTimeline time = new SteppedTimeline(Instant.parse("2026-11-01T09:00:00Z"));
    private final List<String> events = new ArrayList<>();
    private final ConnectionAvailability availability =
            new ConnectionAvailability("onprem", (type, fields) -> events.add(type + " " + fields), time);

    @Test
    void refused_credentials_are_news_at_once_and_only_once() {
        availability.recordRefusal(PASSWORD, Fault.CONNECTION);
        availability.recordRefusal(PASSWORD, Fault.CONNECTION);
        assertThat(events)
                .containsExactly("connection.unavailable"
                        + " {connection=onprem, reason=Http401: Exchange refuses the password.}");
    }

    @Test
    void a_lone_time_out_is_no_news() {
        availability.recordResponse(false);
        availability.recordRefusal(TIME_OUT, Fault.CONNECTION);
        time.advance(Duration.ofSeconds(19));
        availability.recordRefusal(TIME_OUT, Fault.CONNECTION);
        assertThat(events).isEmpty();
    }

    @Test
    void twenty_seconds_without_any_answer_are() {
        availability.recordResponse(false);
        availability.recordRefusal(TIME_OUT, Fault.CONNECTION);
        time.advance(Duration.ofSeconds(20));
        availability.recordRefusal(TIME_OUT, Fault.CONNECTION);
        assertThat(events).singleElement().asString().startsWith("connection.unavailable");
    }

    @Test
    void a_server_that_never_answered_is_news_after_five_seconds() {
        availability.recordRefusal(TIME_OUT, Fault.CONNECTION);
        time.advance(Duration.ofSeconds(4));
        availability.recordRefusal(TIME_OUT, Fault.CONNECTION);
        assertThat(events).isEmpty();
        time.advance(Duration.ofSeconds(1));
        availability.recordRefusal(TIME_OUT, Fault.CONNECTION);
        assertThat(events).singleElement().asString().startsWith("connection.unavailable");
    }

    @Test
    void a_response_in_between_restarts_the_time_even_if_it_is_a_refusal() {
        availability.recordRefusal(TIME_OUT, Fault.CONNECTION);
        time.advance(Duration.ofSeconds(15));
        availability.recordResponse(false);
        time.advance(Duration.ofSeconds(15));
        availability.recordRefusal(TIME_OUT, Fault.CONNECTION);
        assertThat(events).isEmpty();
    }

    @Test
    void what_one_mailbox_gets_is_no_news_and_starts_the_time_all_the_same() {
        availability.recordRefusal(PASSWORD, Fault.UNDECIDED);
        availability.recordRefusal(PASSWORD, Fault.MAILBOX);
        availability.recordRefusal(TIME_OUT, Fault.UNDECIDED);
        time.advance(Duration.ofMinutes(1));
        availability.recordRefusal(TIME_OUT, Fault.UNDECIDED);
        availability.recordRefusal(TIME_OUT, Fault.MAILBOX);
        assertThat(events).isEmpty();
        availability.recordRefusal(TIME_OUT, Fault.CONNECTION);
        assertThat(events).hasSize(1);
    }

    @Test
    void a_long_back_off_is_news_at_once_and_a_short_one_is_not() {
        var now = time.instant();
        availability.recordBackoff(BUSY, now.plusSeconds(60), true);
        assertThat(events).isEmpty();
        assertThat(availability.status(Optional.of(now.plusSeconds(60))))
                .returns(State.AVAILABLE, ConnectionStatus::state)
                .returns(Optional.of("ErrorServerBusy: Later."), ConnectionStatus::reason);
        availability.recordBackoff(BUSY, now.plusSeconds(61), true);
        assertThat(events).hasSize(1);
    }

    @Test
    void a_wait_that_is_not_believed_is_news_at_once() {
        availability.recordBackoff(BUSY, time.instant().plusSeconds(30), false);
        assertThat(events).singleElement().asString().startsWith("connection.unavailable");
    }

    @Test
    void an_answer_while_nothing_may_be_sent_makes_nothing_available() {
        availability.recordBackoff(BUSY, time.instant().plusSeconds(600), true);
        availability.recordResponse(true);
        assertThat(events).hasSize(1);
        availability.recordResponse(false);
        assertThat(events).hasSize(2);
    }

    @Test
    void the_first_answer_afterwards_is_news_and_no_later_one() {
        availability.recordResponse(false);
        availability.recordRefusal(PASSWORD, Fault.CONNECTION);
        availability.recordResponse(false);
        availability.recordResponse(false);
        assertThat(events).hasSize(2).last().asString().startsWith("connection.available {connection=onprem");
    }

    @Test
    void an_event_that_could_not_be_stored_is_stored_at_the_next_change() {
        var stuck = new Object() {
            private boolean yes = true;
        };
        var careful = new ConnectionAvailability(
                "onprem",
                (type, fields) -> {
                    if (stuck.yes) {
                        throw new IllegalStateException("The disk is full.");
                    }
                    events.add(type);
                },
                time);
        assertThatThrownBy(() -> careful.recordRefusal(PASSWORD, Fault.CONNECTION))
                .hasMessage("The disk is full.");
        stuck.yes = false;
        careful.recordRefusal(PASSWORD, Fault.CONNECTION);
        assertThat(events).containsExactly("connection.unavailable");
    }

    @Test
    void the_state_names_cause_and_remedy_and_the_time_of_the_change() {
        var start = time.instant();
        assertThat(availability.status(Optional.empty()))
                .isEqualTo(new ConnectionStatus(
                        "onprem", State.AVAILABLE, start, Optional.empty(), Optional.empty(), Optional.empty()));
        time.advance(Duration.ofHours(1));
        availability.recordRefusal(
                new EwsError.PermanentForConnection(
                        new ResponseCode("Http401"),
                        "The server refuses the password; correct it in the connection's auth."),
                Fault.CONNECTION);
        assertThat(availability.status(Optional.of(start)))
                .isEqualTo(new ConnectionStatus(
                        "onprem",
                        State.UNAVAILABLE,
                        start.plus(Duration.ofHours(1)),
                        Optional.of("Http401: The server refuses the password."),
                        Optional.of("Correct it in the connection's auth."),
                        Optional.of(start)));
        availability.recordResponse(false);
        assertThat(availability.status(Optional.empty()).isAvailable()).isTrue();
    }

    @Test
    void a_server_that_cannot_be_reached_has_a_remedy_too() {
        availability.recordRefusal(TIME_OUT, Fault.CONNECTION);
        time.advance(Duration.ofMinutes(1));
        availability.recordRefusal(TIME_OUT, Fault.CONNECTION);
        var status = availability.status(Optional.empty());
        assertThat(status.state().label()).isEqualTo("unavailable");
        assertThat(status.remedy()).hasValueSatisfying(text -> assertThat(text).contains("connection's url"));
    }

    private static EwsError retry(String code) {
        return new EwsError.RetryAfter(new ResponseCode(code), "Later.", Optional.empty());
    }
}
