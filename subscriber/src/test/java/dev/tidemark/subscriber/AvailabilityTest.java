package dev.tidemark.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.ews.EwsError;
import dev.tidemark.ews.ResponseCode;
import dev.tidemark.subscriber.ConnectionStatus.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AvailabilityTest {
    private static final EwsError PASSWORD =
            new EwsError.PermanentForConnection(new ResponseCode("Http401"), "Exchange refuses the password.");
    private static final EwsError TIME_OUT = retry("ConnectionTimeout");
    private static final EwsError BUSY = retry("ErrorServerBusy");
    private static final EwsError CLOSED = retry("ConnectionClosed");

    private final Timeline time = new Timeline(Instant.parse("2026-11-01T09:00:00Z"));
    private final List<String> told = new ArrayList<>();
    private final Availability availability =
            new Availability("onprem", (type, fields) -> told.add(type + " " + fields), time);

    @Test
    void refused_credentials_are_news_at_once_and_only_once() {
        availability.refused(PASSWORD);
        availability.refused(PASSWORD);
        assertThat(told)
                .containsExactly("connection.unavailable"
                        + " {connection=onprem, reason=Http401: Exchange refuses the password.}");
    }

    @Test
    void a_lone_time_out_is_no_news() {
        availability.refused(TIME_OUT);
        time.advance(Duration.ofSeconds(59));
        availability.refused(TIME_OUT);
        assertThat(told).isEmpty();
    }

    @Test
    void a_minute_without_any_answer_is() {
        availability.refused(TIME_OUT);
        time.advance(Duration.ofMinutes(1));
        availability.refused(TIME_OUT);
        assertThat(told).singleElement().asString().startsWith("connection.unavailable");
    }

    @Test
    void an_answer_in_between_starts_the_minute_anew_even_if_it_is_a_refusal() {
        availability.refused(TIME_OUT);
        time.advance(Duration.ofSeconds(40));
        availability.refused(BUSY);
        time.advance(Duration.ofSeconds(40));
        availability.refused(TIME_OUT);
        assertThat(told).isEmpty();
    }

    @Test
    void a_request_that_we_broke_off_says_nothing() {
        availability.refused(TIME_OUT);
        time.advance(Duration.ofSeconds(40));
        availability.refused(CLOSED);
        time.advance(Duration.ofSeconds(40));
        availability.refused(TIME_OUT);
        assertThat(told).hasSize(1);
    }

    @Test
    void the_first_answer_afterwards_is_news_and_no_later_one() {
        availability.answered();
        availability.refused(PASSWORD);
        availability.answered();
        availability.answered();
        assertThat(told).hasSize(2).last().asString().startsWith("connection.available {connection=onprem");
    }

    @Test
    void what_could_not_be_told_is_told_at_the_next_occasion() {
        var stuck = new Object() {
            private boolean yes = true;
        };
        var careful = new Availability(
                "onprem",
                (type, fields) -> {
                    if (stuck.yes) {
                        throw new IllegalStateException("The disk is full.");
                    }
                    told.add(type);
                },
                time);
        assertThatThrownBy(() -> careful.refused(PASSWORD)).hasMessage("The disk is full.");
        stuck.yes = false;
        careful.refused(PASSWORD);
        assertThat(told).containsExactly("connection.unavailable");
    }

    @Test
    void the_state_names_cause_and_remedy_and_the_time_of_the_change() {
        var start = time.instant();
        assertThat(availability.status(Optional.empty()))
                .isEqualTo(new ConnectionStatus(
                        "onprem", State.AVAILABLE, start, Optional.empty(), Optional.empty(), Optional.empty()));
        time.advance(Duration.ofHours(1));
        availability.refused(new EwsError.PermanentForConnection(
                new ResponseCode("Http401"), "The server refuses the password; correct it in the connection's auth."));
        assertThat(availability.status(Optional.of(start)))
                .isEqualTo(new ConnectionStatus(
                        "onprem",
                        State.UNAVAILABLE,
                        start.plus(Duration.ofHours(1)),
                        Optional.of("Http401: The server refuses the password."),
                        Optional.of("Correct it in the connection's auth."),
                        Optional.of(start)));
        availability.answered();
        assertThat(availability.status(Optional.empty()).isAvailable()).isTrue();
    }

    @Test
    void a_server_that_cannot_be_reached_has_a_remedy_too() {
        availability.refused(TIME_OUT);
        time.advance(Duration.ofMinutes(1));
        availability.refused(TIME_OUT);
        var status = availability.status(Optional.empty());
        assertThat(status.state().label()).isEqualTo("unavailable");
        assertThat(status.remedy()).hasValueSatisfying(text -> assertThat(text).contains("connection's url"));
    }

    private static EwsError retry(String code) {
        return new EwsError.RetryAfter(new ResponseCode(code), "Later.", Optional.empty());
    }
}
