package dev.tidemark.log;

import java.util.List;
import java.util.function.Predicate;

/// All segments at one instant, oldest first. Immutable.
record LogView(List<Segment> closed, Segment newest) {
    int count() {
        return closed.size() + 1;
    }

    Segment get(int index) {
        return index == closed.size() ? newest : closed.get(index);
    }

    /// Returns the index of the first segment that ends at or after the LSN; [#count] if none does.
    int reaching(long lsn) {
        return first(segment -> segment.lastLsn() >= lsn);
    }

    /// Returns the index of the first segment that ends after the journal position; [#count] if none does.
    int beyond(long position) {
        return first(segment -> segment.lastPosition() > position);
    }

    private int first(Predicate<Segment> condition) {
        var low = 0;
        for (var high = count(); low < high; ) {
            var middle = (low + high) >>> 1;
            if (condition.test(get(middle))) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
