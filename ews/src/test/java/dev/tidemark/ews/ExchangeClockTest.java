package dev.tidemark.ews;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.ClockOffset;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExchangeClockTest {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    private static final Duration HOURS = Duration.ofHours(3);
    private static final Duration NEARLY = Duration.ofMillis(1200);

    private final SettableClock ours = new SettableClock(START);
    private final ExchangeClock clock = new ExchangeClock(ours);

    /// Adds a response that took a tenth of a second.
    private void answered(Duration ahead) {
        var askedAt = clock.localNow();
        ours.advance(Duration.ofMillis(100));
        clock.addResponse(
                askedAt, Instant.ofEpochSecond(ours.instant().plus(ahead).getEpochSecond()));
    }

    @Test
    void until_there_is_a_reading_the_clocks_count_as_equal() {
        assertThat(clock.latestOffset()).isEmpty();
        assertThat(clock.offset()).isEqualTo(ClockOffset.NONE);
        assertThat(clock.toExchangeTime(START)).isEqualTo(START);
        assertThat(clock.coveredFrom(START)).isEqualTo(START);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-PT72H", "-PT3H", "PT0S", "PT3H", "PT72H"})
    void one_response_tells_the_offset_to_a_second(Duration ahead) {
        answered(ahead);
        assertThat(clock.latestOffset())
                .hasValueSatisfying(read -> assertThat(read).isCloseTo(ahead, NEARLY));
        assertThat(Duration.between(START, clock.toExchangeTime(START))).isCloseTo(ahead, NEARLY);
        assertThat(Duration.between(START, clock.coveredFrom(START))).isBetween(NEARLY.negated(), Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-PT72H", "-PT0.7S", "PT0S", "PT0.3S", "PT72H"})
    void no_conversion_is_later_than_exchanges_clock_was(Duration ahead) {
        for (var answer = 0; answer < 50; answer++) {
            answered(ahead);
            ours.advance(Duration.ofMillis(730));
        }
        var now = ours.instant();
        assertThat(clock.toExchangeTime(now)).isBeforeOrEqualTo(now.plus(ahead));
        assertThat(now.plus(ahead).minus(clock.offset().most())).isBeforeOrEqualTo(now);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1601-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"})
    void an_absurd_date_counts_as_none(Instant date) {
        answered(HOURS);
        clock.addResponse(clock.localNow(), date);
        assertThat(clock.offset().least()).isCloseTo(HOURS, NEARLY);
        assertThat(clock.offset().most()).isCloseTo(HOURS, NEARLY);
    }

    @Test
    void a_slow_response_tells_nothing_and_neither_does_one_during_which_our_clock_was_set_back() {
        answered(HOURS);
        var slow = clock.localNow();
        ours.advance(Duration.ofMinutes(2));
        clock.addResponse(slow, ours.instant());
        clock.addResponse(ours.instant().plusSeconds(60), ours.instant());
        assertThat(clock.latestOffset())
                .hasValueSatisfying(read -> assertThat(read).isCloseTo(HOURS, NEARLY));
    }

    @Test
    void a_correction_counts_for_times_after_it_only() {
        answered(HOURS.negated());
        ours.advance(Duration.ofHours(2));
        answered(Duration.ZERO);
        var corrected = ours.instant();
        ours.advance(Duration.ofHours(2));
        answered(Duration.ZERO);
        ours.advance(Duration.ofHours(2));
        answered(Duration.ofMinutes(1));
        assertThat(Duration.between(START, clock.toExchangeTime(START)))
                .as("what came right after may have the wrong time")
                .isCloseTo(HOURS.negated(), NEARLY);
        var later = corrected.plusSeconds(3600);
        assertThat(Duration.between(later, clock.toExchangeTime(later))).isLessThan(NEARLY);
        assertThat(clock.coveredFrom(later)).isBeforeOrEqualTo(later);
    }

    @Test
    void servers_that_disagree_are_a_range_and_the_earliest_counts() {
        for (var answer = 0; answer < 200; answer++) {
            answered(answer % 7 == 0 ? HOURS.negated() : Duration.ofMinutes(answer % 3));
            ours.advance(Duration.ofSeconds(10));
        }
        assertThat(clock.offset().least()).isCloseTo(HOURS.negated(), NEARLY);
        assertThat(clock.offset().most()).isCloseTo(Duration.ofMinutes(2), NEARLY);
        var now = ours.instant();
        assertThat(Duration.between(now, clock.toExchangeTime(now)))
                .as("right after the newest of them")
                .isLessThanOrEqualTo(Duration.ofMinutes(2));
        var before = now.minusSeconds(600);
        assertThat(Duration.between(before, clock.toExchangeTime(before))).isCloseTo(HOURS.negated(), NEARLY);
        assertThat(Duration.between(before, clock.coveredFrom(before)))
                .isCloseTo(HOURS.negated().minusMinutes(2), NEARLY.multipliedBy(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-PT72H", "-PT3H", "-PT31S"})
    void an_event_from_before_what_every_date_allows_widens_the_range_downward(Duration bound) {
        answered(Duration.ZERO);
        clock.setEventBound(bound.minusSeconds(2));
        assertThat(clock.toExchangeTime(START)).isEqualTo(START.plus(bound).minusSeconds(2));
        assertThat(clock.offset().most()).isBetween(Duration.ZERO, NEARLY);
        assertThat(clock.coveredFrom(START)).isBeforeOrEqualTo(START.plus(bound));
        assertThat(clock.latestOffset())
                .hasValueSatisfying(read -> assertThat(read).isCloseTo(Duration.ZERO, NEARLY));
    }

    @Test
    void an_event_from_the_future_raises_the_upper_limit_only() {
        answered(Duration.ZERO);
        clock.setEventBound(HOURS);
        assertThat(clock.offset().most()).isEqualTo(HOURS);
        assertThat(Duration.between(START, clock.toExchangeTime(START))).isCloseTo(Duration.ZERO, NEARLY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-PT25S", "PT0S", "PT25S"})
    void events_that_agree_with_the_date_change_nothing(Duration bound) {
        answered(Duration.ZERO);
        var before = clock.offset();
        clock.setEventBound(bound);
        assertThat(clock.offset()).isEqualTo(before);
    }

    @Test
    void without_a_date_the_times_of_events_count() {
        clock.setEventBound(HOURS.negated());
        assertThat(clock.toExchangeTime(START)).isEqualTo(START.minus(HOURS));
        assertThat(clock.offset()).isEqualTo(new ClockOffset(HOURS.negated(), Duration.ZERO));
    }

    @Test
    void a_time_from_a_clock_that_was_ahead_long_before_is_covered() {
        answered(HOURS);
        for (var hour = 0; hour < 4; hour++) {
            ours.advance(Duration.ofHours(1));
            answered(Duration.ZERO);
        }
        var since = ours.instant();
        answered(Duration.ofMinutes(-2));
        assertThat(clock.coveredFrom(since)).isBeforeOrEqualTo(since.minus(HOURS));
    }

    @Test
    void a_bound_by_events_counts_for_times_before_a_higher_one_replaced_it() {
        clock.setEventBound(HOURS.negated());
        ours.advance(Duration.ofHours(1));
        clock.setEventBound(Duration.ZERO);
        assertThat(clock.toExchangeTime(START)).isEqualTo(START.minus(HOURS));
        assertThat(clock.offset()).isEqualTo(ClockOffset.NONE);
        ours.advance(Duration.ofHours(1));
        var later = ours.instant();
        assertThat(clock.toExchangeTime(later)).isEqualTo(later);
        assertThat(clock.rangeSince(later)).isEqualTo(ClockOffset.NONE);
        assertThat(clock.rangeSince(START)).isEqualTo(new ClockOffset(HOURS.negated(), Duration.ZERO));
    }

    /// Sets the clock back by an hour, as Tidemark's clock does after a change of the system's.
    @Test
    void the_lowest_offset_of_a_clock_that_is_slewed_for_hours_is_not_forgotten() {
        for (var second = 0; second < 7200; second++) {
            answered(HOURS.negated().plusMillis(500L * second));
            ours.advance(Duration.ofMillis(900));
        }
        assertThat(Duration.between(START, clock.toExchangeTime(START))).isCloseTo(HOURS.negated(), NEARLY);
        var now = ours.instant();
        assertThat(Duration.between(now, clock.toExchangeTime(now)))
                .as("but what is old does not count any more")
                .isCloseTo(Duration.ofHours(-2), Duration.ofSeconds(65));
    }

    @Test
    void what_was_learned_before_a_restart_counts_for_times_before_it() {
        clock.restore(new ClockOffset(HOURS.negated(), HOURS.negated()));
        assertThat(clock.toExchangeTime(START)).isEqualTo(START.minus(HOURS));
        answered(Duration.ZERO);
        assertThat(clock.toExchangeTime(START.minusSeconds(1))).isBeforeOrEqualTo(START.minus(HOURS));
        ours.advance(Duration.ofHours(1));
        answered(Duration.ZERO);
        clock.restore(new ClockOffset(HOURS, HOURS));
        assertThat(clock.latestOffset())
                .hasValueSatisfying(read -> assertThat(read).isLessThan(NEARLY));
    }

    @Test
    void our_own_clock_that_is_set_back_leaves_no_reading_in_the_future() {
        answered(Duration.ofDays(-1));
        ours.advance(Duration.ofDays(-1));
        answered(Duration.ZERO);
        var now = ours.instant();
        assertThat(Duration.between(now, clock.toExchangeTime(now)).abs()).isLessThan(NEARLY);
    }
}
