package dev.tidemark.store.listing;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Keeps the order of the rows until a text changes. Thread-safe.
final class CachedOrder {
    private record Version(long number, RowOrder order) {}

    private static final Version OUTDATED = new Version(-1, RowOrder.of(List.of()));

    private final AtomicLong newest = new AtomicLong();
    private volatile Version known = OUTDATED;

    /// Must be called after each change of a text. Keeps no text of a mailbox that was removed.
    void invalidate() {
        newest.incrementAndGet();
        known = OUTDATED;
    }

    RowOrder get(Supplier<List<RowOrder.Entry>> entries) {
        var now = known;
        // read before the texts: a change meanwhile makes the order outdated
        var number = newest.get();
        if (now.number() != number) {
            now = new Version(number, RowOrder.of(entries.get()));
            known = now;
        }
        return now.order();
    }
}
