package dev.tidemark.store.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Days into which the journal is partitioned, so that retention drops a table instead of deleting rows. Knows the
/// first position of each day, so that a read by position needs one of them only. Written by the committing
/// thread; read by any thread.
final class JournalDays {
    private static final Logger LOG = LoggerFactory.getLogger(JournalDays.class);

    private static final String PARTITIONS = """
            SELECT substring(c.relname FROM 'journal_day_([0-9]+)')::int
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'journal'::regclass
            """;
    private static final long NO_DAY = Long.MIN_VALUE;

    private static final String FIRST = "SELECT min(position) FROM journal WHERE partition = 0 AND day = ?";

    /// Days that exist. Immutable.
    ///
    /// @param tables days that have a table
    /// @param byFirstPosition days that have rows, by the position of their first row
    private record DayIndex(Set<Long> tables, NavigableMap<Long, Long> byFirstPosition) {
        DayIndex withTable(long day) {
            var more = new HashSet<>(tables);
            more.add(day);
            return new DayIndex(more, byFirstPosition);
        }

        DayIndex withFirst(long first, long day) {
            var more = new TreeMap<>(byFirstPosition);
            more.put(first, day);
            return new DayIndex(tables, more);
        }

        DayIndex without(Map.Entry<Long, Long> dropped) {
            var less = new TreeMap<>(byFirstPosition);
            less.remove(dropped.getKey());
            var fewer = new HashSet<>(tables);
            fewer.remove(dropped.getValue());
            return new DayIndex(fewer, less);
        }
    }

    private volatile DayIndex index = new DayIndex(Set.of(), new TreeMap<>());

    /// Reads the days that exist.
    void load(Connection connection) throws SQLException {
        var tables = new HashSet<Long>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(PARTITIONS)) {
            while (result.next()) {
                tables.add(result.getLong(1));
            }
        }
        var byFirstPosition = new TreeMap<Long, Long>();
        for (var day : tables) {
            first(connection, day).ifPresent(first -> byFirstPosition.put(first, day));
        }
        index = new DayIndex(tables, byFirstPosition);
    }

    private static OptionalLong first(Connection connection, long day) throws SQLException {
        try (var statement = connection.prepareStatement(FIRST)) {
            statement.setLong(1, day);
            try (var result = statement.executeQuery()) {
                result.next();
                var first = result.getLong(1);
                return result.wasNull() ? OptionalLong.empty() : OptionalLong.of(first);
            }
        }
    }

    /// Returns the day for a row that is recorded at `at`: its date, but not before that of an earlier row, because
    /// the clock may have been set back. Creates the table of the day if it does not exist.
    LocalDate dayFor(Connection connection, Instant at) throws SQLException {
        var date = at.atZone(ZoneOffset.UTC).toLocalDate().toEpochDay();
        var newest = index.byFirstPosition().lastEntry();
        var day = newest == null ? date : Math.max(date, newest.getValue());
        if (!index.tables().contains(day)) {
            create(connection, day);
        }
        return LocalDate.ofEpochDay(day);
    }

    private void create(Connection connection, long day) throws SQLException {
        // attaching takes a weaker lock than creating a partition, so it does not wait for a backup
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + table(day) + " (LIKE journal INCLUDING ALL)");
            // no format with %d: it would write the digits of the locale
            statement.execute("ALTER TABLE journal ATTACH PARTITION " + table(day) + " FOR VALUES IN (" + day + ")");
        }
        connection.commit();
        index = index.withTable(day);
    }

    /// Records that rows from `first` on are committed in a day.
    void appended(LocalDate day, long first) {
        var newest = index.byFirstPosition().lastEntry();
        if (newest == null || newest.getValue() < day.toEpochDay()) {
            index = index.withFirst(first, day.toEpochDay());
        }
    }

    /// Returns the day whose rows include a position if any does: the last one that begins at or before it.
    long dayOf(long position) {
        var found = index.byFirstPosition().floorEntry(position);
        return found == null ? NO_DAY : found.getValue();
    }

    /// Returns the days that begin after a position, in order.
    Collection<Long> daysAfter(long position) {
        return index.byFirstPosition().tailMap(position, false).values();
    }

    /// Drops the tables whose rows all end at or before `prunedTo`. Never drops the newest. Skips a table that a
    /// reader holds, for example a backup; a later call drops it.
    void drop(Connection connection, long prunedTo) throws SQLException {
        for (var days = index.byFirstPosition(); days.size() > 1; days = index.byFirstPosition()) {
            var oldest = days.firstEntry();
            if (days.higherKey(oldest.getKey()) > prunedTo + 1 || !drop(connection, table(oldest.getValue()))) {
                return;
            }
            index = index.without(oldest);
            LOG.info("Dropped the journal of {}", LocalDate.ofEpochDay(oldest.getValue()));
        }
    }

    /// Drops a table; returns false if a reader holds it.
    private static boolean drop(Connection connection, String table) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '100ms'");
            statement.execute("DROP TABLE IF EXISTS " + table);
            connection.commit();
            return true;
        } catch (SQLException e) {
            if (!PostgresErrors.isLockTimeout(e)) {
                throw e;
            }
            connection.rollback();
            return false;
        }
    }

    private static String table(long day) {
        return "journal_day_" + day;
    }
}
