package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionDeadlineTrackerTest {
    private long now;
    private final ConnectionDeadlineTracker<String> deadlines = new ConnectionDeadlineTracker<>(() -> now);

    @Test
    void a_connection_expires_at_its_deadline() {
        deadlines.add("a", Duration.ofNanos(10));
        now = 9;
        assertThat(deadlines.expired()).isEmpty();
        now = 10;
        assertThat(deadlines.expired()).containsExactly("a");
    }

    @Test
    void a_connection_that_waits_for_us_does_not_expire() {
        deadlines.add("a", Duration.ofNanos(10));
        deadlines.suspend("a");
        now = Long.MAX_VALUE - 1;
        assertThat(deadlines.expired()).isEmpty();
    }

    @Test
    void a_new_deadline_counts_from_now() {
        deadlines.add("a", Duration.ofNanos(10));
        now = 8;
        deadlines.extend("a", Duration.ofNanos(10));
        now = 17;
        assertThat(deadlines.expired()).isEmpty();
        now = 18;
        assertThat(deadlines.expired()).containsExactly("a");
    }

    @Test
    void the_longest_idle_connection_has_the_next_deadline_and_no_request_in_work() {
        deadlines.add("working", Duration.ofNanos(1));
        deadlines.suspend("working");
        deadlines.add("old", Duration.ofNanos(10));
        deadlines.add("renewed", Duration.ofNanos(10));
        now = 5;
        deadlines.extend("renewed", Duration.ofNanos(10));
        assertThat(deadlines.longestIdle(List.of("working", "renewed", "old", "closed")))
                .contains("old");
        assertThat(deadlines.longestIdle(List.of("working", "closed"))).isEmpty();
    }

    @Test
    void a_closed_connection_is_forgotten_for_good() {
        deadlines.add("a", Duration.ofNanos(10));
        deadlines.remove("a");
        deadlines.extend("a", Duration.ofNanos(10));
        deadlines.suspend("a");
        now = 100;
        assertThat(deadlines.expired()).isEmpty();
    }
}
