package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionDeadlineTrackerTest {
    private long now;
    private final ConnectionDeadlineTracker<String> deadlines =
            new ConnectionDeadlineTracker<>(Duration.ofNanos(10), () -> now);

    @Test
    void a_connection_expires_at_its_deadline() {
        deadlines.add("a");
        now = 9;
        assertThat(deadlines.expired()).isEmpty();
        now = 10;
        assertThat(deadlines.expired()).containsExactly("a");
    }

    @Test
    void a_connection_that_waits_for_us_does_not_expire() {
        deadlines.add("a");
        deadlines.suspend("a");
        now = Long.MAX_VALUE - 1;
        assertThat(deadlines.expired()).isEmpty();
    }

    @Test
    void a_new_deadline_counts_from_now() {
        deadlines.add("a");
        now = 8;
        deadlines.restart("a");
        now = 17;
        assertThat(deadlines.expired()).isEmpty();
        deadlines.extend("a", Duration.ofNanos(3));
        now = 19;
        assertThat(deadlines.expired()).isEmpty();
        now = 20;
        assertThat(deadlines.expired()).containsExactly("a");
    }

    @Test
    void the_longest_idle_connection_has_the_next_deadline_and_no_request_in_work() {
        deadlines.add("working");
        deadlines.suspend("working");
        deadlines.add("old");
        deadlines.add("renewed");
        now = 5;
        deadlines.restart("renewed");
        assertThat(deadlines.longestIdle(List.of("working", "renewed", "old", "closed")))
                .contains("old");
        assertThat(deadlines.longestIdle(List.of("working", "closed"))).isEmpty();
    }

    @Test
    void a_closed_connection_is_forgotten_for_good() {
        deadlines.add("a");
        deadlines.remove("a");
        deadlines.restart("a");
        deadlines.suspend("a");
        now = 100;
        assertThat(deadlines.expired()).isEmpty();
    }
}
