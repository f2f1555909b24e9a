package dev.tidemark.store.erasure;

import dev.tidemark.store.change.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Commits changes in portions, because callbacks wait for each. Used by one thread.
final class ErasurePortions {
    private static final int ROWS_AT_ONCE = 500;

    private final Consumer<List<Change>> commit;
    private final List<Change> pending = new ArrayList<>();

    ErasurePortions(Consumer<List<Change>> commit) {
        this.commit = commit;
    }

    void add(Change change) {
        pending.add(change);
        if (pending.size() == ROWS_AT_ONCE) {
            flush();
        }
    }

    /// Commits the changes that are left.
    void flush() {
        if (!pending.isEmpty()) {
            commit.accept(List.copyOf(pending));
            pending.clear();
        }
    }
}
