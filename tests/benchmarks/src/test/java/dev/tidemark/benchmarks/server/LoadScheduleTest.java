package dev.tidemark.benchmarks.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LoadScheduleTest {
    @Test
    void what_is_sent_late_was_due_when_it_was_due() {
        var pace = LoadSchedule.open(1_000, 1e8, 3);
        assertThat(pace.poll(999)).isEqualTo(LoadSchedule.NOT_YET);
        assertThat(pace.poll(5_000)).isEqualTo(1_000);
        assertThat(pace.poll(5_000)).isEqualTo(1_010);
        assertThat(pace.poll(5_000)).isEqualTo(1_020);
        assertThat(pace.poll(5_000)).isEqualTo(LoadSchedule.NOT_YET);
        assertThat(pace.next(5_000)).isEqualTo(LoadSchedule.NOT_YET);
    }

    @Test
    void a_closed_loop_sends_until_its_time_is_over() {
        var pace = LoadSchedule.closed(100);
        assertThat(pace.poll(99)).isEqualTo(99);
        assertThat(pace.poll(100)).isEqualTo(LoadSchedule.NOT_YET);
    }
}
