package dev.tidemark.daemon.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.canary.CanaryMonitor.CanaryFailure;
import dev.tidemark.store.model.SinkName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CanaryRecordTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final SinkName CRM = new SinkName("crm");

    private final CanaryRecord record = new CanaryRecord();

    @Test
    void rounds_come_at_the_interval_and_never_two_at_once() {
        assertThat(begins(0)).isFalse();
        assertThat(begins(4)).isFalse();
        assertThat(begins(5)).isTrue();
        assertThat(begins(10)).isFalse();
        record.end();
        assertThat(begins(10)).isTrue();
        record.end();
        assertThat(begins(14)).isFalse();
    }

    @Test
    void a_shorter_interval_counts_at_once() {
        assertThat(record.begin(NOON, Duration.ofHours(1))).isFalse();
        assertThat(begins(1)).isFalse();
        assertThat(begins(6)).isTrue();
    }

    @Test
    void a_failure_lasts_from_the_last_success_until_the_next_one() {
        record.recordFailure("onprem", CanaryRecord.REFUSED, NOON, "no room", "empty it");
        assertThat(failure().since()).isEqualTo(NOON);
        record.recordFailure("onprem", CanaryRecord.OVERDUE, NOON.plusSeconds(1), "late", "wait");
        assertThat(failure()).isEqualTo(new CanaryFailure("overdue", NOON, "late", "wait"));

        record.recordArrival("onprem", NOON.plusSeconds(2), Duration.ofMillis(80));
        record.recordSuccess("onprem");
        assertThat(record.reading("onprem").failure()).isEmpty();
        record.recordFailure("onprem", CanaryRecord.OVERDUE, NOON.plusSeconds(9), "late", "wait");
        assertThat(failure().since()).isEqualTo(NOON.plusSeconds(2));
        assertThat(record.reading("onprem").rounds())
                .containsEntry("arrived", 1L)
                .containsEntry("overdue", 2L)
                .containsEntry("refused", 1L);
    }

    @Test
    void a_sink_that_misses_the_events_fails_from_the_first_one_until_it_gets_one() {
        for (var round = 0; round < 3; round++) {
            record.recordArrival("onprem", NOON.plusSeconds(round), Duration.ofMillis(80));
            record.recordFailure("onprem", CanaryRecord.UNDELIVERED, NOON.plusSeconds(round + 9), "crm", "look");
            assertThat(failure()).isEqualTo(new CanaryFailure("undelivered", NOON.plusSeconds(9), "crm", "look"));
        }
        record.recordSuccess("onprem");
        assertThat(record.reading("onprem").failure()).isEmpty();
        assertThat(record.reading("onprem").rounds())
                .containsEntry("undelivered", 3L)
                .containsEntry("arrived", 1L);
    }

    @Test
    void a_pause_by_an_operator_is_no_failure() {
        record.recordFailure("onprem", CanaryRecord.REFUSED, NOON, "no room", "empty it");
        record.recordPause();
        assertThat(record.reading("onprem").failure()).isEmpty();
        assertThat(record.reading("onprem").rounds()).containsEntry("paused", 1L);
    }

    @Test
    void another_node_on_duty_ends_the_failure_here() {
        begins(0);
        record.recordFailure("onprem", CanaryRecord.OVERDUE, NOON, "late", "wait");
        record.standBy();
        assertThat(record.reading("onprem").failure()).isEmpty();
        assertThat(begins(5)).isFalse();
    }

    @Test
    void sinks_have_results_from_the_start_and_while_they_belong_to_the_group() {
        record.useSinks(List.of(CRM));
        assertThat(record.reading("onprem").deliveries()).containsOnlyKeys(CRM);
        record.useSinks(List.of());
        record.recordDelivery(CRM, Duration.ofSeconds(1));
        assertThat(record.reading("onprem").deliveries()).isEmpty();
    }

    private boolean begins(int minutes) {
        return record.begin(NOON.plus(Duration.ofMinutes(minutes)), INTERVAL);
    }

    private CanaryFailure failure() {
        return record.reading("onprem").failure().orElseThrow();
    }
}
