package dev.tidemark.store.engine;

import dev.tidemark.store.change.EventTypeScanner;
import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.change.JournalEntryCodec;
import dev.tidemark.store.change.JournalRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

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
    /// @param end position of the last event
    /// @param entries empty in a row that holds no event of a wanted type
    record Row(long position, long end, Instant recordedAt, List<JournalEntry> entries) {
        /// Creates a row from the stored one.
        public static Row of(JournalRow row) {
            return new Row(
                    row.position(),
                    row.end(),
                    Instant.ofEpochMilli(row.recordedAt()),
                    JournalEntryCodec.read(row.position(), row.body()));
        }

        /// Creates a row from the stored one. Leaves out the entries if none is of a wanted type.
        public static Row of(JournalRow row, Predicate<String> types) {
            return EventTypeScanner.holds(row.body(), types)
                    ? of(row)
                    : new Row(row.position(), row.end(), Instant.ofEpochMilli(row.recordedAt()), List.of());
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

    /// Returns rows as [#from(long, int)] does. May leave out the entries of a row that holds no event of a wanted
    /// type.
    default List<Row> from(long wanted, int events, Predicate<String> types) {
        return from(wanted, events);
    }

    /// Returns at most `limit` of the oldest rows.
    List<Extent> oldest(int limit);

    /// Returns the newest row that is kept.
    Optional<Extent> newest();

    /// Returns the first row after `before` that was not recorded after `now`; all between must have been.
    Optional<Extent> firstBy(Instant now, Extent before);

    /// Returns the newest assigned position.
    long newestPosition();
}
