package dev.tidemark.store.listing;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Keeps a value that is derived from the texts of the rows until a text changes. Thread-safe.
final class TextCache<T> {
    private static final long NEVER = -1;

    private record Version<T>(long number, Optional<T> value) {}

    private final AtomicLong newest = new AtomicLong();
    private volatile Version<T> known = new Version<>(NEVER, Optional.empty());

    /// Drops the value, so that no text of a removed mailbox stays in memory. Must be called after each change of a
    /// text.
    void invalidate() {
        newest.incrementAndGet();
        drop();
    }

    private void drop() {
        known = new Version<>(NEVER, Optional.empty());
    }

    T get(Supplier<T> derive) {
        var now = known;
        // read before the texts, so that a concurrent change makes the value outdated
        var number = newest.get();
        if (now.number() == number && now.value().isPresent()) {
            return now.value().get();
        }
        var value = derive.get();
        known = new Version<>(number, Optional.of(value));
        if (newest.get() != number) {
            // a change during the derivation has dropped the value before it was stored
            drop();
        }
        return value;
    }
}
