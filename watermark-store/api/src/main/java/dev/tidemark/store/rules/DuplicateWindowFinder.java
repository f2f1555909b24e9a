package dev.tidemark.store.rules;

import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Finds the start of a mailbox's duplicate window and reads the keys needed to recognize duplicates.
final class DuplicateWindowFinder {
    private final BackwardJournalReader backwardReader;
    private final DeduplicationCache known;

    DuplicateWindowFinder(BackwardJournalReader backwardReader, DeduplicationCache known) {
        this.backwardReader = backwardReader;
        this.known = known;
    }

    /// Start of a window: events beyond position `start` may repeat; `keys` are those of the events up to position
    /// `upTo`.
    record WindowStart(long start, long upTo, Set<EventKey> keys) {}

    /// Finds the start before a replay from `from`. An older watermark is searched for in the journal. If it is
    /// not among the entries recorded after `recent`, the window starts there.
    WindowStart startOfReplay(MailboxRecord seen, Optional<Watermark> from, Instant recent) {
        var present = seen.watermark.map(StoredWatermark::value);
        if (from.isEmpty()) {
            return windowFrom(seen, seen.lastPosition);
        }
        return windowFrom(seen, from.equals(present) ? seen.watermarkPosition : positionOf(seen, from.get(), recent));
    }

    /// Finds the start before a resync of the events after `since`.
    WindowStart startOfResync(MailboxRecord seen, Instant since) {
        return windowFrom(seen, backwardReader.newestBefore(seen.id, seen.lastPosition, since));
    }

    private WindowStart windowFrom(MailboxRecord seen, long start) {
        var first = seen.duplicateWindow
                .map(DuplicateWindow::start)
                .filter(earlier -> earlier < start)
                .orElse(start);
        return new WindowStart(first, seen.lastPosition, backwardReader.keys(seen.id, seen.lastPosition, first));
    }

    private long positionOf(MailboxRecord seen, Watermark wanted, Instant recent) {
        var found = new long[1];
        backwardReader.back(seen.id, seen.lastPosition, (entry, recordedAt) -> {
            var here = entry.push().flatMap(JournalEntry.ChainData::last).filter(wanted::equals);
            if (here.isPresent() || recordedAt.isBefore(recent)) {
                found[0] = entry.end();
                return false;
            }
            return true;
        });
        return Math.min(found[0], seen.watermarkPosition);
    }

    /// Opens the window in the change set, or widens the open one.
    void open(StoreChangeSet changeSet, MailboxRecord record, WindowStart found) {
        var before = record.duplicateWindow.filter(overlap -> !overlap.isOver(changeSet.now()));
        record.duplicateWindow = Optional.of(DuplicateWindow.open(before, found.start(), changeSet.now()));
        known.prime(record, record.duplicateWindow.get().start(), found.upTo(), found.keys());
    }
}
