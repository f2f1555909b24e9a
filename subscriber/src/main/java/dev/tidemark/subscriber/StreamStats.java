package dev.tidemark.subscriber;

import dev.tidemark.store.model.RecoveredPage;
import java.util.concurrent.atomic.LongAdder;

/// Counts streams and their events. Thread-safe.
final class StreamStats {
    final LongAdder opened = new LongAdder();
    final LongAdder silent = new LongAdder();
    private final LongAdder found = new LongAdder();
    private volatile int mailboxes;
    private volatile int open;

    void addFound(RecoveredPage.RecoveryCounts count) {
        found.add((long) count.created() + count.modified() + count.deleted());
    }

    void setLevels(int mailboxes, int open) {
        this.mailboxes = mailboxes;
        this.open = open;
    }

    StreamCounters snapshot() {
        return new StreamCounters(mailboxes, open, opened.sum(), silent.sum(), found.sum());
    }
}
