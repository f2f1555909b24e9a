package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.transfer.StoreTarget;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Empty tables that a copy fills. The row of the instance is written last, so that an incomplete copy does not
/// count as a store.
final class PostgresTarget implements StoreTarget {
    private static final int ROWS_AT_ONCE = 500;
    private static final int BYTES_AT_ONCE = 4 << 20;

    private final PostgresStore.PostgresParts parts;
    private final Clock clock;
    private final List<Change> pending = new ArrayList<>();
    private long bytes;
    private Optional<Change> instance = Optional.empty();

    /// @throws StoreException if the tables hold rows
    PostgresTarget(PostgresStore.PostgresParts parts, Clock clock) {
        this.parts = parts;
        this.clock = clock;
        requireEmpty();
    }

    /// @throws StoreException if the tables hold rows
    void requireEmpty() {
        if (!PostgresStart.isEmpty(parts.readers())) {
            throw new StoreException(
                    "The store in PostgreSQL is not empty; name another schema or database, or drop its schema.");
        }
    }

    @Override
    public void write(Change change) {
        switch (change) {
            case Change.InstanceSaved saved -> instance = Optional.of(saved);
            case Change.JournalAppended(var row) -> {
                bytes += row.body().length;
                pending.add(change);
            }
            default -> pending.add(change);
        }
        if (pending.size() >= ROWS_AT_ONCE || bytes > BYTES_AT_ONCE) {
            flush();
        }
    }

    private void flush() {
        parts.work().commit(List.copyOf(pending), clock.instant());
        pending.clear();
        bytes = 0;
    }

    @Override
    public void complete(long newestPosition) {
        instance.ifPresent(pending::add);
        parts.work().commitUpTo(List.copyOf(pending), newestPosition);
        pending.clear();
    }

    /// Ends the connections. Rows of an incomplete copy stay, and the next copy refuses them.
    @Override
    public void close() {
        parts.close();
    }
}
