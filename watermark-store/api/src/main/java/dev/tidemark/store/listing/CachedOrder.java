package dev.tidemark.store.listing;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Keeps the order of the rows until a text changes. Thread-safe.
final class CachedOrder {
    private record Version(long number, RowOrder order) {}

    private final AtomicLong newest = new AtomicLong();
    private volatile Version known = new Version(0, RowOrder.of(List.of()));

    /// Must be called after each change of a text.
    void invalidate() {
        newest.incrementAndGet();
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
