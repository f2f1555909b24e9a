package dev.tidemark.store.transfer;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.DeliveryPosition.Range;
import dev.tidemark.store.model.JournalPosition;
import java.util.ArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Copies a store to an empty one.
public final class StoreCopy {
    /// Numbers that a restored store leaves out: more than were assigned after the backup.
    public static final long STRIDE = 1_000_000_000;

    private static final int REPORTED_EVERY = 10_000;

    private StoreCopy() {}

    /// Copies all rows unchanged.
    ///
    /// @param progress receives the number of rows copied so far, now and then
    /// @return position of the newest event
    public static long copy(StoreSource source, StoreTarget target, LongConsumer progress) {
        var newest = source.read(counting(target, progress));
        target.complete(newest);
        return newest;
    }

    /// Copies a backup, so that the restored store assigns no position that the store may have assigned after the
    /// backup. Sinks skip the positions that are left out.
    ///
    /// @param newest position of the backup's newest event
    public static void restore(StoreSource source, long newest, StoreTarget target, LongConsumer progress) {
        var counting = counting(target, progress);
        source.read(
                change -> counting.accept(change instanceof Change.SinkSaved sink ? skipping(sink, newest) : change));
        target.complete(newest + STRIDE);
    }

    private static Consumer<Change> counting(StoreTarget target, LongConsumer progress) {
        var count = new long[1];
        return change -> {
            target.write(change);
            count[0]++;
            if (count[0] % REPORTED_EVERY == 0) {
                progress.accept(count[0]);
            }
        };
    }

    private static Change.SinkSaved skipping(Change.SinkSaved sink, long newest) {
        var after = new JournalPosition(newest + STRIDE);
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
