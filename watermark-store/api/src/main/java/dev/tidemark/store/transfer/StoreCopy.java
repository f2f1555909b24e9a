package dev.tidemark.store.transfer;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.DeliveryPosition.Range;
import dev.tidemark.store.model.JournalPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Consumer;

/// Copies a store to an empty one.
public final class StoreCopy {
    /// Numbers that a restored store leaves out at least.
    private static final long LEAST_SKIPPED = 1_000_000_000;

    private static final int REPORTED_EVERY = 10_000;

    private StoreCopy() {}

    /// Copies all rows unchanged.
    ///
    /// @param progress receives the number of rows copied so far, every 10,000 rows
    /// @return position of the newest event
    public static long copy(StoreSource source, StoreTarget target, CopyProgress progress) {
        var newest = source.read(counting(target, progress));
        target.complete(newest);
        return newest;
    }

    /// Numbers of a restore: those that the store or an earlier restore may have assigned after the backup are left
    /// out.
    ///
    /// @param newest position of the backup's newest event
    /// @param skipped positions, sequence and attempt numbers to leave out
    public record RestorePoint(long newest, long skipped) {
        /// Returns the point for a backup. Leaves out a number for each microsecond since the backup, so that a second
        /// restore of it leaves out what the first one assigned.
        public static RestorePoint of(long newest, Duration sinceBackup) {
            return new RestorePoint(newest, LEAST_SKIPPED + Math.max(0, sinceBackup.toNanos() / 1000));
        }

        long end() {
            return newest + skipped;
        }
    }

    /// Copies a backup without the numbers that `point` leaves out. Sinks skip the positions among them.
    public static void restore(StoreSource source, RestorePoint point, StoreTarget target, CopyProgress progress) {
        var counting = counting(target, progress);
        source.read(
                change -> counting.accept(change instanceof Change.SinkSaved sink ? skipping(sink, point) : change));
        target.complete(point.end());
    }

    private static Consumer<Change> counting(StoreTarget target, CopyProgress progress) {
        var count = new long[1];
        return change -> {
            target.write(change);
            count[0]++;
            if (count[0] % REPORTED_EVERY == 0) {
                progress.copied(count[0]);
            }
        };
    }

    private static Change.SinkSaved skipping(Change.SinkSaved sink, RestorePoint point) {
        var newest = point.newest();
        var after = new JournalPosition(point.end());
        var position = sink.position();
        if (position.upTo().value() >= newest) {
            return new Change.SinkSaved(sink.sink(), DeliveryPosition.at(after), sink.status());
        }
        var beyond = new ArrayList<>(position.beyond());
        var first = newest + 1;
        if (!beyond.isEmpty() && beyond.getLast().last().value() == newest) {
            first = beyond.removeLast().first().value();
        }
        beyond.add(new Range(new JournalPosition(first), after));
        return new Change.SinkSaved(sink.sink(), new DeliveryPosition(position.upTo(), beyond), sink.status());
    }
}
