package dev.tidemark.forwarder;

import java.util.concurrent.atomic.LongAdder;

/// Counts what a sink does. Safe for use by many threads.
final class SinkStats {
    final LongAdder delivered = new LongAdder();
    final LongAdder attempts = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder deadLetters = new LongAdder();
    final LongAdder expired = new LongAdder();

    SinkCounters snapshot() {
        return new SinkCounters(delivered.sum(), attempts.sum(), failed.sum(), deadLetters.sum(), expired.sum());
    }
}
