package dev.tidemark.ews;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsError.PermanentForConnection;
import dev.tidemark.ews.message.EwsError.PermanentForMailbox;
import dev.tidemark.ews.message.EwsError.RetryAfter;
import dev.tidemark.ews.message.EwsResult.Refused;
import dev.tidemark.ews.message.EwsResult.Success;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginCircuitBreakerTest {
    private static final Optional<MailboxAddress> ADA = Optional.of(new MailboxAddress("ada@example.com"));
    private static final Optional<MailboxAddress> EVE = Optional.of(new MailboxAddress("eve@example.com"));

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-01T09:00:00Z"));
    private final LoginCircuitBreaker credit = new LoginCircuitBreaker(clock);

    @ParameterizedTest
    @ValueSource(strings = {"Http401", "Http440"})
    void credentials_that_never_worked_are_bad_at_once(String code) {
        assertThat(refused(code)).isEqualTo(permanent(code));
    }

    @Test
    void the_same_refusal_is_not_asked_for_again_within_a_minute() {
        refused("Http401");
        assertThat(credit.recentRefusal(ADA)).contains(permanent("Http401"));
        clock.advance(Duration.ofSeconds(59));
        assertThat(credit.recentRefusal(ADA)).isPresent();
        clock.advance(Duration.ofSeconds(1));
        assertThat(credit.recentRefusal(ADA)).isEmpty();
    }

    @Test
    void an_operator_has_refused_credentials_shown_again_once() {
        refused("Http401");
        credit.allowNextRequest();
        assertThat(credit.recentRefusal(ADA)).isEmpty();
        assertThat(refused("Http401")).isEqualTo(permanent("Http401"));
        assertThat(credit.recentRefusal(ADA)).contains(permanent("Http401"));
    }

    @Test
    void one_refusal_after_credentials_worked_is_about_that_request_only() {
        worked();
        assertThat(refused("Http401"))
                .isInstanceOfSatisfying(
                        RetryAfter.class, retry -> assertThat(retry.backOff()).isEmpty());
        assertThat(credit.recentRefusal(ADA)).isEmpty();
        worked();
        assertThat(backOff("Http401")).isEmpty();
    }

    @Test
    void several_in_a_row_hold_everybody_for_as_long_again_as_it_has_lasted() {
        worked();
        refused(EVE, "Http401");
        assertThat(backOff("Http401")).contains(Duration.ofSeconds(30));
        clock.advance(Duration.ofSeconds(30));
        assertThat(backOff("Http401")).contains(Duration.ofSeconds(30));
        clock.advance(Duration.ofMinutes(1));
        assertThat(backOff("Http440")).contains(Duration.ofSeconds(90));
        clock.advance(Duration.ofMinutes(3));
        assertThat(backOff("Http401")).contains(Duration.ofSeconds(270));
    }

    @Test
    void after_ten_minutes_it_is_believed_until_the_credentials_work_again() {
        worked();
        refused("Http401");
        clock.advance(Duration.ofMinutes(10));
        assertThat(refused("Http401")).isEqualTo(permanent("Http401"));
        assertThat(credit.recentRefusal(ADA)).isPresent();
        clock.advance(Duration.ofMinutes(10));
        assertThat(refused("Http401")).isEqualTo(permanent("Http401"));
        worked();
        assertThat(credit.recentRefusal(ADA)).isEmpty();
        assertThat(refused("Http401")).isInstanceOf(RetryAfter.class);
    }

    @Test
    void an_error_of_exchange_itself_proves_the_login_and_one_before_it_does_not() {
        refused("HttpCasError");
        assertThat(refused("Http401")).isEqualTo(permanent("Http401"));
        refused("ErrorServerBusy");
        assertThat(refused("Http401")).isInstanceOf(RetryAfter.class);
    }

    @Test
    void a_refused_mailbox_never_delays_others() {
        worked();
        for (var minute = 0; minute < 9; minute++) {
            assertThat(backOff("Http401")).isEmpty();
            clock.advance(Duration.ofMinutes(1));
        }
    }

    @Test
    void a_refusal_of_one_mailbox_spares_only_that_one_and_of_two_spares_all() {
        refused("Http401");
        assertThat(credit.recentRefusal(ADA)).isPresent();
        assertThat(credit.recentRefusal(EVE)).isEmpty();
        refused(EVE, "Http401");
        assertThat(credit.recentRefusal(Optional.empty())).isPresent();
    }

    @Test
    void a_mailbox_that_is_refused_while_others_are_let_in_is_told_so_after_ten_minutes() {
        for (var minute = 0; minute < 10; minute++) {
            worked(EVE);
            assertThat(refused("Http401")).isInstanceOf(RetryAfter.class);
            clock.advance(Duration.ofMinutes(1));
        }
        worked(EVE);
        assertThat(refused("Http401"))
                .isInstanceOfSatisfying(
                        PermanentForMailbox.class,
                        error -> assertThat(error.text()).contains("for other mailboxes"));
        assertThat(credit.recentRefusal(ADA)).isEmpty();
        worked();
        assertThat(refused("Http401")).isInstanceOf(RetryAfter.class);
    }

    @Test
    void a_clock_that_is_set_back_restarts_the_retry_period() {
        worked();
        refused(EVE, "Http401");
        clock.advance(Duration.ofDays(-1));
        assertThat(backOff("Http401")).contains(Duration.ofSeconds(30));
    }

    private void worked() {
        worked(ADA);
    }

    private void worked(Optional<MailboxAddress> mailbox) {
        assertThat(credit.classify(mailbox, new Success<>("yes"))).isEqualTo(new Success<>("yes"));
    }

    private EwsError refused(String code) {
        return refused(ADA, code);
    }

    private EwsError refused(Optional<MailboxAddress> mailbox, String code) {
        return ((Refused<String>) credit.classify(mailbox, new Refused<String>(permanent(code)))).error();
    }

    private Optional<Duration> backOff(String code) {
        return ((RetryAfter) refused(code)).backOff();
    }

    private static EwsError permanent(String code) {
        return new PermanentForConnection(new ResponseCode(code), "The server refuses the credentials.");
    }
}
