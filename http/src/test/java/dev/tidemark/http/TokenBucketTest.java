package dev.tidemark.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenBucketTest {
    private static final Duration SLACK = Duration.ofMillis(50);

    private Instant now = Instant.parse("2026-11-01T09:00:00Z");

    @Test
    void no_limit_lets_everything_go() {
        assertThat(takenWithin(bucket(0), 1, 1000)).isEqualTo(100_000);
    }

    @Test
    void a_limit_holds_over_the_seconds_and_within_each() {
        assertThat(takenWithin(bucket(50), 1, 1000)).isBetween(50, 53);
        assertThat(takenWithin(bucket(50), 1, 100)).isBetween(5, 8);
        assertThat(takenWithin(bucket(2000), 1, 10_000)).isBetween(20_000, 20_100);
    }

    @Test
    void a_request_of_many_is_paid_for_by_the_next() {
        assertThat(takenWithin(bucket(50), 100, 10_000)).isBetween(500, 600);
    }

    @Test
    void an_idle_hour_earns_no_more_than_the_slack() {
        var limit = bucket(100);
        limit.take(1, now);
        now = now.plus(Duration.ofHours(1));
        assertThat(takenWithin(limit, 1, 100)).isBetween(10, 16);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 20})
    void without_slack_no_second_sees_more_than_its_share(int perSecond) {
        var limit = new TokenBucket(perSecond, Duration.ZERO);
        var takenAt = new ArrayList<Instant>();
        for (var i = 0; i < 10_000; i++) {
            if (limit.allows(now)) {
                limit.take(1, now);
                takenAt.add(now);
            }
            now = now.plusNanos(1_234_567);
        }
        for (var first = 0; first + perSecond < takenAt.size(); first++) {
            assertThat(Duration.between(takenAt.get(first), takenAt.get(first + perSecond)))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
        assertThat(takenAt).hasSizeGreaterThan(perSecond * 11);
    }

    @Test
    void names_the_time_of_the_next_token() {
        var limit = new TokenBucket(10, Duration.ZERO);
        assertThat(limit.nextAllowedAt()).isBefore(now);
        limit.take(1, now);
        assertThat(limit.nextAllowedAt()).isEqualTo(now.plusMillis(100));
        assertThat(limit.allows(now.plusMillis(99))).isFalse();
        assertThat(limit.allows(now.plusMillis(100))).isTrue();
    }

    private static TokenBucket bucket(int perSecond) {
        return new TokenBucket(perSecond, SLACK);
    }

    /// Checks every millisecond and takes as many tokens as allowed, at most 100 times.
    private int takenWithin(TokenBucket limit, int size, int milliseconds) {
        var taken = 0;
        for (var i = 0; i < milliseconds; i++) {
            for (var j = 0; j < 100 && limit.allows(now); j++) {
                limit.take(size, now);
                taken += size;
            }
            now = now.plusMillis(1);
        }
        return taken;
    }
}
