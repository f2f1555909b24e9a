package dev.tidemark.store.partition;

import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.DeliveryPosition.Range;
import dev.tidemark.store.model.JournalPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/// Collects a position from events in ascending order that are done or not. Events beyond its limit count as not
/// done, so that they are delivered again rather than lost. Not thread-safe; guarded by the store's write lock.
final class PositionMerge {
    static final int PAGE = 500;

    /// Maximum number of events that are looked up one by one, while all commits wait.
    static final int LIMIT = 10_000;

    private final List<Range> beyond = new ArrayList<>();
    private long upTo;
    private int seen;

    PositionMerge(long upTo) {
        this.upTo = upTo;
    }

    boolean isFull() {
        return seen >= LIMIT;
    }

    /// Adds the events of an entry, except those that were added already.
    void add(JournalEntry entry, LongPredicate isDone) {
        for (var place = entry.position(); place <= entry.end() && !isFull(); place++) {
            if (place > upTo) {
                seen++;
                if (isDone.test(place)) {
                    done(place);
                }
            }
        }
    }

    private void done(long place) {
        if (beyond.isEmpty() && place == upTo + 1) {
            upTo = place;
        } else if (!beyond.isEmpty() && beyond.getLast().last().value() == place - 1) {
            beyond.add(new Range(beyond.removeLast().first(), new JournalPosition(place)));
        } else {
            beyond.add(new Range(new JournalPosition(place), new JournalPosition(place)));
        }
    }

    DeliveryPosition position() {
        return new DeliveryPosition(new JournalPosition(upTo), beyond);
    }
}
