package dev.tidemark.watermark;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The journal's rows: one a group commit, keyed by the position of its first event.
final class JournalTable {
    /// Rows stay well below the longest value H2 stores in a row.
    private static final int ROW_BYTES = 256 * 1024;

    private static final int ROWS_AT_ONCE = 16;

    private static final String INSERT =
            "INSERT INTO journal (position, events, recorded_at, body) VALUES (?, ?, ?, ?)";
    private static final String PUT =
            "MERGE INTO journal (position, events, recorded_at, body) KEY (position) VALUES (?, ?, ?, ?)";
    private static final String FLOOR = """
            SELECT position, events, recorded_at, body FROM journal
            WHERE position <= ? ORDER BY position DESC LIMIT 1
            """;
    private static final String AFTER = """
            SELECT position, events, recorded_at, body FROM journal
            WHERE position > ? ORDER BY position LIMIT ?
            """;
    private static final String OLDEST = "SELECT position, events, recorded_at FROM journal ORDER BY position LIMIT ?";
    private static final String NEWEST =
            "SELECT position, events, recorded_at FROM journal ORDER BY position DESC LIMIT 1";
    private static final String EXTENT = """
            SELECT position, events, recorded_at FROM journal
            WHERE position <= ? ORDER BY position DESC LIMIT 1
            """;
    private static final String DELETE_TO = "DELETE FROM journal WHERE position <= ?";
    private static final String DELETE_BEYOND = "DELETE FROM journal WHERE position > ?";

    private final JdbcRunner jdbc;

    JournalTable(JdbcRunner jdbc) {
        this.jdbc = jdbc;
    }

    /// A row without its events.
    record Extent(long position, long events, Instant recordedAt) {
        long end() {
            return position + events - 1;
        }
    }

    record Row(long position, Instant recordedAt, List<Entry> entries) {
        long end() {
            return entries.getLast().end();
        }

        Optional<Entry> holding(long place) {
            return entries.stream().filter(entry -> entry.holds(place)).findFirst();
        }
    }

    /// Entries, whose positions follow each other, as one row or a few.
    static List<JournalRow> rows(List<Entry> entries, Instant recordedAt) {
        var rows = new ArrayList<JournalRow>();
        var first = 0;
        var out = EntryCodec.begin(entries.size());
        for (var next = 0; next < entries.size(); next++) {
            if (out.size() > ROW_BYTES) {
                rows.add(row(entries.subList(first, next), recordedAt, out));
                first = next;
                out = EntryCodec.begin(entries.size() - next);
            }
            EntryCodec.write(out, entries.get(next));
        }
        if (first < entries.size()) {
            rows.add(row(entries.subList(first, entries.size()), recordedAt, out));
        }
        return rows;
    }

    private static JournalRow row(List<Entry> entries, Instant recordedAt, RowWriter body) {
        var position = entries.getFirst().position();
        var events = entries.getLast().end() - position + 1;
        return new JournalRow(position, events, recordedAt.toEpochMilli(), body.toBytes());
    }

    static void insert(JdbcRunner.Tx tx, JournalRow row) {
        tx.update(INSERT, row.position(), row.events(), row.recordedAt(), row.body());
    }

    /// Puts a row where it belongs, whether or not it is there.
    static void put(JdbcRunner.Tx tx, JournalRow row) {
        tx.update(PUT, row.position(), row.events(), row.recordedAt(), row.body());
    }

    /// The row that holds `place`, if it is still kept.
    Optional<Row> holding(long place) {
        return jdbc.queryOne(FLOOR, JournalTable::row, place).filter(row -> place <= row.end());
    }

    /// Rows that begin after `place`.
    List<Row> after(long place, int most) {
        return jdbc.query(AFTER, JournalTable::row, place, most);
    }

    /// Rows from the one that holds the event after `place` on, about as many as hold so many `events`: what
    /// is read beyond them is decoded in vain.
    List<Row> from(long place, int events) {
        var rows = new ArrayList<Row>();
        holding(place + 1).ifPresent(rows::add);
        var last = rows.isEmpty() ? place : rows.getLast().position();
        var left = rows.isEmpty() ? events : events - (rows.getLast().end() - place);
        if (left > 0) {
            var each = rows.isEmpty() ? 1 : rows.getLast().end() - last + 1;
            rows.addAll(after(last, (int) Math.min(ROWS_AT_ONCE, (left + each - 1) / each)));
        }
        return rows;
    }

    List<Extent> oldest(int most) {
        return jdbc.query(OLDEST, JournalTable::extent, most);
    }

    Optional<Extent> newest() {
        return jdbc.queryOne(NEWEST, JournalTable::extent);
    }

    /// A row that was not recorded after `now`, the first behind `before` and others that were.
    Optional<Extent> firstBy(Instant now, Extent before) {
        var found = newest().filter(row -> !row.recordedAt().isAfter(now));
        var low = before.position();
        while (found.isPresent() && low + 1 < found.get().position()) {
            var middle = low + (found.get().position() - low) / 2;
            var row = jdbc.queryOne(EXTENT, JournalTable::extent, middle).orElseThrow();
            if (row.recordedAt().isAfter(now)) {
                low = middle;
            } else {
                found = Optional.of(row);
            }
        }
        return found;
    }

    /// Removes rows that begin at or before `place`.
    static int removeTo(JdbcRunner.Tx tx, long place) {
        return tx.update(DELETE_TO, place);
    }

    /// Removes rows that begin after `place`: left by a write that failed half-way, promised to nobody.
    static void removeBeyond(JdbcRunner.Tx tx, long place) {
        tx.update(DELETE_BEYOND, place);
    }

    private static Row row(JdbcRunner.Row row) {
        var position = row.number(1);
        return new Row(position, Instant.ofEpochMilli(row.number(3)), EntryCodec.read(position, row.bytes(4)));
    }

    private static Extent extent(JdbcRunner.Row row) {
        return new Extent(row.number(1), row.number(2), Instant.ofEpochMilli(row.number(3)));
    }
}
