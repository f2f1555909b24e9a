package dev.tidemark.subscriber.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private final SteppedTimeline time = new SteppedTimeline(Instant.parse("2026-11-01T09:00:00Z"));

    @Test
    void no_second_wherever_it_begins_sees_more_than_its_share() {
        var bucket = new TokenBucket(20, time);
        var acquiredAt = new ArrayList<Instant>();
        for (var i = 0; i < 10_000; i++) {
            if (bucket.acquireOrDelay().isZero()) {
                acquiredAt.add(time.instant());
            }
            time.advance(Duration.ofNanos(1_234_567));
        }
        for (var first = 0; first + 20 < acquiredAt.size(); first++) {
            assertThat(Duration.between(acquiredAt.get(first), acquiredAt.get(first + 20)))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        }
        assertThat(acquiredAt).hasSizeGreaterThan(230);
    }

    @Test
    void says_how_long_there_is_none() {
        var bucket = new TokenBucket(10, time);
        assertThat(bucket.acquireOrDelay()).isZero();
        time.advance(Duration.ofMillis(30));
        assertThat(bucket.acquireOrDelay()).isEqualTo(Duration.ofMillis(70));
    }

    @Test
    void without_a_limit_no_request_waits() {
        var bucket = new TokenBucket(0, time);
        assertThat(bucket.acquireOrDelay()).isZero();
        assertThat(bucket.acquireOrDelay()).isZero();
    }
}
