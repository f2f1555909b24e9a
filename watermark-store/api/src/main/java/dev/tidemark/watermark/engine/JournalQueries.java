package dev.tidemark.watermark.engine;

import dev.tidemark.watermark.change.Entry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads the rows of the journal. Rows that retention removed are not found.
public interface JournalQueries {
    /// A row without its events.
    ///
    /// @param position of the first event
    /// @param end position of the last event
    record Extent(long position, long end, Instant recordedAt) {}

    /// The events of one row.
    ///
    /// @param position of the first event
    record Row(long position, Instant recordedAt, List<Entry> entries) {
        public long end() {
            return entries.getLast().end();
        }

        /// Returns the entry that holds `place`.
        public Optional<Entry> holding(long place) {
            return entries.stream().filter(entry -> entry.holds(place)).findFirst();
        }
    }

    /// Returns the row that holds `place`, if it is still kept.
    Optional<Row> holding(long place);

    /// Returns rows from the one that holds the event after `place` on, at most as many as hold so many `events`.
    List<Row> from(long place, int events);

    /// Returns the oldest rows, at most `limit`.
    List<Extent> oldest(int limit);

    /// Returns the newest row that is kept.
    Optional<Extent> newest();

    /// Returns a row that was not recorded after `now`: the first behind `before` and others that were.
    Optional<Extent> firstBy(Instant now, Extent before);

    /// Returns the newest position that was ever given.
    long newestPosition();
}
