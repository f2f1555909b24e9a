package dev.tidemark.daemon.activity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.activity.ActivityReading.SinkReading;
import dev.tidemark.values.DurationHistogram;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ActivityRecorderTest {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");

    private final DurationHistogram lag = DurationHistogram.ofRequests();
    private final DurationHistogram acknowledgements = DurationHistogram.ofOperations();
    private long minutes;
    private long events;
    private long delivered;
    private boolean isBroken;

    private final ActivityRecorder recorder = new ActivityRecorder(this::read);

    private ActivityReading read() {
        if (isBroken) {
            throw new IllegalStateException("the store is closed");
        }
        return new ActivityReading(
                START.plus(Duration.ofMinutes(minutes)),
                events,
                1000 + events,
                acknowledgements.reading(),
                Map.of("crm", new SinkReading(delivered, lag.reading())));
    }

    private List<?> samples() {
        return (List<?>) recorder.tree().get("samples");
    }

    private Map<?, ?> sample(int index) {
        return (Map<?, ?>) samples().get(index);
    }

    private void passMinute() {
        minutes++;
        recorder.sample();
    }

    @Test
    void the_current_minute_shows_at_once() {
        events = 7;

        assertThat(samples()).hasSize(1);
        assertThat(sample(0).get("journalled")).isEqualTo(7L);
        assertThat(sample(0).get("acknowledgementSeconds")).isEqualTo(Optional.empty());
    }

    @Test
    void each_minute_has_its_own_events_and_latencies() {
        events = 5;
        lag.record(Duration.ofMillis(4));
        passMinute();
        events = 6;
        delivered = 3;
        lag.record(Duration.ofSeconds(8));
        passMinute();

        assertThat(samples()).hasSize(3);
        assertThat(sample(0).get("received")).isEqualTo(5L);
        assertThat(sample(1).get("received")).isEqualTo(1L);
        assertThat(sample(1).get("delivered")).isEqualTo(3L);
        assertThat(sample(1).get("from")).isEqualTo(START.plus(Duration.ofMinutes(1)));
        assertThat(sample(0).get("deliverySeconds")).asString().contains("p99=0.00");
        assertThat(sample(1).get("deliverySeconds")).asString().contains("p99=9.9");
        assertThat(sample(1).get("sinks")).asString().contains("name=crm", "delivered=3", "p99=9.9");
        assertThat(sample(2).get("deliverySeconds")).isEqualTo(Optional.empty());
    }

    @Test
    void keeps_one_hour() {
        for (var minute = 0; minute < 3 * ActivityRecorder.MAX_SAMPLES; minute++) {
            passMinute();
        }

        assertThat(samples()).hasSize(ActivityRecorder.MAX_SAMPLES + 1);
        assertThat(sample(ActivityRecorder.MAX_SAMPLES).get("from")).isEqualTo(START.plus(Duration.ofMinutes(minutes)));
    }

    @Test
    void a_minute_that_could_not_be_read_belongs_to_the_next_sample() {
        events = 5;
        isBroken = true;
        passMinute();
        isBroken = false;
        passMinute();

        assertThat(samples()).hasSize(2);
        assertThat(sample(0).get("received")).isEqualTo(5L);
        assertThat(sample(0).get("from")).isEqualTo(START);
    }

    @Test
    void counters_of_a_replaced_sink_begin_again() {
        delivered = 100;
        passMinute();
        delivered = 4;

        assertThat(sample(1).get("delivered")).isEqualTo(4L);
    }
}
