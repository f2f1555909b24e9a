package dev.tidemark.store.postgresql;

import dev.tidemark.store.change.JournalRow;
import dev.tidemark.store.engine.JournalQueries;
import dev.tidemark.store.sql.SqlReader;
import dev.tidemark.store.sql.SqlRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// Reads the journal from its table by position. Hides rows that retention removed, and rows of a commit that is
/// not confirmed. Thread-safe.
final class PostgresJournal implements JournalQueries {
    private static final int ROWS_AT_ONCE = 16;

    private static final String HOLDING = """
            SELECT position, events, recorded_at, body FROM journal
            WHERE partition = 0 AND day = ? AND position <= ? ORDER BY position DESC LIMIT 1
            """;
    private static final String AFTER = """
            SELECT position, events, recorded_at, body FROM journal
            WHERE partition = 0 AND day = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?
            """;
    private static final String EXTENTS_AFTER = """
            SELECT position, events, recorded_at FROM journal
            WHERE partition = 0 AND day = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?
            """;
    private static final String EXTENT_HOLDING = """
            SELECT position, events, recorded_at FROM journal
            WHERE partition = 0 AND day = ? AND position <= ? ORDER BY position DESC LIMIT 1
            """;
    private static final String ALL_AFTER = """
            SELECT position, events, recorded_at, body FROM journal
            WHERE partition = 0 AND position > ? ORDER BY partition, day, position
            """;

    private final SqlReader sql;
    private final PostgresWork work;
    private final JournalDays days;

    PostgresJournal(SqlReader sql, PostgresWork work, JournalDays days) {
        this.sql = sql;
        this.work = work;
        this.days = days;
    }

    @Override
    public Optional<Row> holding(long wanted) {
        return holding(wanted, PostgresJournal::row);
    }

    private Optional<Row> holding(long wanted, Function<SqlRow, Row> mapper) {
        if (wanted <= work.prunedTo() || wanted > work.newestPosition()) {
            return Optional.empty();
        }
        var day = days.dayOf(wanted);
        return sql.queryOne(HOLDING, mapper, day, wanted).filter(row -> row.end() >= wanted);
    }

    /// Returns rows from the one after `wanted`, until they hold `events` positions; at most 16 rows.
    @Override
    public List<Row> from(long wanted, int events) {
        return readFrom(wanted, events, Row::of);
    }

    @Override
    public List<Row> from(long wanted, int events, Predicate<String> types) {
        return readFrom(wanted, events, row -> Row.of(row, types));
    }

    private List<Row> readFrom(long wanted, int events, Function<JournalRow, Row> reader) {
        Function<SqlRow, Row> mapper = row -> reader.apply(stored(row));
        var rows = new ArrayList<Row>();
        var after = Math.max(wanted, work.prunedTo());
        // a reader that stopped within a row continues there
        holding(after + 1, mapper).ifPresent(rows::add);
        var next = rows.isEmpty() ? after : rows.getLast().end();
        rows.addAll(after(next, AFTER, ROWS_AT_ONCE - rows.size(), mapper));
        return upTo(rows, after, events);
    }

    private static List<Row> upTo(List<Row> rows, long after, int events) {
        var kept = new ArrayList<Row>();
        var left = (long) events;
        var before = after;
        for (var row : rows) {
            if (left <= 0) {
                break;
            }
            kept.add(row);
            left -= row.end() - before;
            before = row.end();
        }
        return kept;
    }

    /// Returns rows that begin after `position`, of as many days as needed.
    private <T> List<T> after(long position, String query, int limit, Function<SqlRow, T> mapper) {
        var found = new ArrayList<T>();
        var newest = work.newestPosition();
        found.addAll(sql.query(query, mapper, days.dayOf(position), position, newest, limit));
        for (var day : days.daysAfter(position)) {
            if (found.size() >= limit) {
                break;
            }
            found.addAll(sql.query(query, mapper, day, position, newest, limit - found.size()));
        }
        return found;
    }

    @Override
    public List<Extent> oldest(int limit) {
        var pruned = work.prunedTo();
        var found = new ArrayList<Extent>();
        extentHolding(pruned + 1).ifPresent(found::add);
        var next = found.isEmpty() ? pruned : found.getLast().end();
        found.addAll(after(next, EXTENTS_AFTER, limit - found.size(), PostgresJournal::extent));
        return found;
    }

    private Optional<Extent> extentHolding(long wanted) {
        if (wanted > work.newestPosition()) {
            return Optional.empty();
        }
        return sql.queryOne(EXTENT_HOLDING, PostgresJournal::extent, days.dayOf(wanted), wanted)
                .filter(extent -> extent.end() >= wanted && extent.position() <= wanted);
    }

    @Override
    public Optional<Extent> newest() {
        var newest = work.newestPosition();
        return newest <= work.prunedTo()
                ? Optional.empty()
                : sql.queryOne(EXTENT_HOLDING, PostgresJournal::extent, days.dayOf(newest), newest)
                        .filter(extent -> extent.end() > work.prunedTo());
    }

    @Override
    public Optional<Extent> firstBy(Instant now, Extent before) {
        var found = newest().filter(extent -> !extent.recordedAt().isAfter(now));
        var low = before.end();
        var high = found.map(Extent::position).orElse(low);
        while (low + 1 < high) {
            var middle = low + (high - low) / 2;
            var at = extentHolding(middle).or(() -> firstExtentAfter(middle)).orElseThrow();
            if (at.recordedAt().isAfter(now)) {
                low = at.end();
            } else {
                found = Optional.of(at);
                high = Math.min(middle, at.position());
            }
        }
        return found;
    }

    private Optional<Extent> firstExtentAfter(long position) {
        return after(position, EXTENTS_AFTER, 1, PostgresJournal::extent).stream()
                .findFirst();
    }

    @Override
    public long newestPosition() {
        return work.newestPosition();
    }

    /// Passes the rows after a position to `sink`, in order.
    void forEachAfter(long position, Consumer<JournalRow> sink) {
        sql.forEach(ALL_AFTER, row -> sink.accept(stored(row)), position);
    }

    static JournalRow stored(SqlRow row) {
        return new JournalRow(row.number(1), row.number(2), row.instant(3).toEpochMilli(), row.bytes(4));
    }

    private static Extent extent(SqlRow row) {
        return new Extent(row.number(1), row.number(1) + row.number(2) - 1, row.instant(3));
    }

    private static Row row(SqlRow row) {
        return Row.of(stored(row));
    }
}
