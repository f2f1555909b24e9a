package dev.tidemark.log;

import java.util.List;
import java.util.function.Predicate;

/// All segments at one instant, oldest first. Immutable.
record LogView(List<LogSegment> closed, LogSegment newest) {
    int count() {
        return closed.size() + 1;
    }

    LogSegment get(int index) {
        return index == closed.size() ? newest : closed.get(index);
    }

    /// Returns whether all records after the LSN are present, none of them in a compacted segment.
    boolean reachesBackTo(long lsn) {
        return get(0).header().lsn() <= lsn + 1
                && closed.stream().noneMatch(one -> one.header().isCompacted() && one.lastLsn() > lsn);
    }

    /// Describes a log that does not reach back to the LSN.
    LogDamagedException damage(LogDisk disk, long lsn) {
        return new LogDamagedException(
                disk.path(get(0).name()),
                0,
                "the segment before it, with record %d, or the snapshot that replaces it, is missing"
                        .formatted(lsn + 1));
    }

    /// Returns the index of the first segment that ends at or after the LSN; [#count] if none does.
    int reaching(long lsn) {
        return first(segment -> segment.lastLsn() >= lsn);
    }

    /// Returns the index of the first segment that ends after the journal position; [#count] if none does.
    int beyond(long position) {
        return first(segment -> segment.lastPosition() > position);
    }

    private int first(Predicate<LogSegment> condition) {
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
