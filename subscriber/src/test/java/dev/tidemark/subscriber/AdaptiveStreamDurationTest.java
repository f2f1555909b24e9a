package dev.tidemark.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.subscriber.config.StreamConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdaptiveStreamDurationTest {
    private static StreamConfig range(int initial, int min, int max) {
        return new StreamConfig(Duration.ofMinutes(initial), Duration.ofMinutes(min), Duration.ofMinutes(max), 3);
    }

    /// Returns the durations of consecutive streams through a network that cuts streams after `cut` minutes.
    private static List<Long> through(AdaptiveStreamDuration length, int cut, int streams) {
        var asked = new ArrayList<Long>();
        for (var i = 0; i < streams; i++) {
            var next = length.next();
            asked.add(next.toMinutes());
            if (next.toMinutes() > cut) {
                length.recordCut(next);
            } else {
                length.recordCompleted(next);
            }
        }
        return asked;
    }

    @Test
    void finds_the_longest_that_a_network_lets_live_that_cuts_at_thirteen_minutes() {
        var length = new AdaptiveStreamDuration(range(15, 1, 30));
        assertThat(through(length, 13, 8)).containsExactly(15L, 8L, 12L, 16L, 12L, 12L, 12L, 12L);
    }

    @Test
    void grows_to_the_maximum_without_cuts() {
        var length = new AdaptiveStreamDuration(range(15, 1, 30));
        assertThat(through(length, 60, 6)).containsExactly(15L, 19L, 23L, 27L, 30L, 30L);
    }

    @Test
    void halves_again_until_one_lives_but_never_below_the_least() {
        assertThat(through(new AdaptiveStreamDuration(range(15, 1, 30)), 3, 9))
                .containsExactly(15L, 8L, 4L, 2L, 6L, 2L, 2L, 2L, 2L);
        assertThat(through(new AdaptiveStreamDuration(range(16, 3, 30)), 1, 5)).containsExactly(16L, 8L, 4L, 3L, 3L);
    }

    @Test
    void a_single_death_of_a_length_that_lived_changes_nothing_but_two_in_a_row_do() {
        var length = new AdaptiveStreamDuration(range(15, 1, 30));
        through(length, 13, 5);
        length.recordCut(length.next());
        assertThat(length.next()).isEqualTo(Duration.ofMinutes(12));
        length.recordCompleted(length.next());
        length.recordCut(length.next());
        assertThat(length.next()).isEqualTo(Duration.ofMinutes(12));
        length.recordCut(length.next());
        assertThat(through(length, 7, 4)).containsExactly(6L, 10L, 6L, 6L);
    }

    @Test
    void streams_beside_each_other_that_die_of_one_cut_count_once() {
        var length = new AdaptiveStreamDuration(range(15, 1, 30));
        for (var i = 0; i < 5; i++) {
            length.recordCut(Duration.ofMinutes(15));
        }
        assertThat(length.next()).isEqualTo(Duration.ofMinutes(8));
    }

    @Test
    void lengths_that_make_no_range_are_refused() {
        assertThatThrownBy(() -> range(15, 16, 30)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> range(15, 1, 31)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> range(31, 1, 30)).isInstanceOf(IllegalArgumentException.class);
    }
}
