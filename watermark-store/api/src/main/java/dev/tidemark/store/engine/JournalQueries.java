package dev.tidemark.store.engine;

import dev.tidemark.store.change.JournalEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads the rows of the journal. Rows that retention removed are not found.
public interface JournalQueries {
    /// Positions and time of one row.
    ///
    /// @param position of the first event
    /// @param end position of the last event
    record Extent(long position, long end, Instant recordedAt) {}

    /// Events of one row.
    ///
    /// @param position of the first event
    record Row(long position, Instant recordedAt, List<JournalEntry> entries) {
        public long end() {
            return entries.getLast().end();
        }

        /// Returns the entry that holds `position`.
        public Optional<JournalEntry> holding(long wanted) {
            return entries.stream().filter(entry -> entry.holds(wanted)).findFirst();
        }
    }

    /// Returns the row that holds `wanted`, or empty if retention removed it.
    Optional<Row> holding(long wanted);

    /// Returns rows from the one after `wanted`, at most until they hold `events` positions.
    List<Row> from(long wanted, int events);

    /// Returns at most `limit` of the oldest rows.
    List<Extent> oldest(int limit);

    /// Returns the newest row that is kept.
    Optional<Extent> newest();

    /// Returns the first row after `before` that was not recorded after `now`; all between must have been.
    Optional<Extent> firstBy(Instant now, Extent before);

    /// Returns the newest assigned position.
    long newestPosition();
}
