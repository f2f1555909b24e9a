package dev.tidemark.forwarder;

import dev.tidemark.forwarder.operator.SinkCounters;
import java.util.concurrent.atomic.LongAdder;

/// Counts the results of a sink. Thread-safe.
final class SinkStats {
    public final LongAdder delivered = new LongAdder();
    public final LongAdder attempts = new LongAdder();
    public final LongAdder failed = new LongAdder();
    public final LongAdder deadLetters = new LongAdder();
    final LongAdder expired = new LongAdder();

    public SinkCounters snapshot() {
        return new SinkCounters(delivered.sum(), attempts.sum(), failed.sum(), deadLetters.sum(), expired.sum());
    }
}
