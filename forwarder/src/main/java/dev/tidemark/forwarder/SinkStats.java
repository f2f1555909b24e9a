package dev.tidemark.forwarder;

import dev.tidemark.forwarder.operator.SinkCounters;
import dev.tidemark.values.DurationHistogram;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/// Counts the results of a sink. Thread-safe.
final class SinkStats {
    public final LongAdder delivered = new LongAdder();
    public final LongAdder attempts = new LongAdder();
    public final LongAdder failed = new LongAdder();
    public final LongAdder deadLetters = new LongAdder();
    final LongAdder expired = new LongAdder();
    final LongAdder forgotten = new LongAdder();

    /// durations from the journal to the sink's confirmation, without replays
    final DurationHistogram lag = DurationHistogram.of(
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(2500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(6),
            Duration.ofDays(1));
    final DurationHistogram requests = DurationHistogram.ofRequests();

    public SinkCounters snapshot() {
        return new SinkCounters(
                delivered.sum(),
                attempts.sum(),
                failed.sum(),
                deadLetters.sum(),
                expired.sum(),
                forgotten.sum(),
                lag.reading(),
                requests.reading());
    }
}
