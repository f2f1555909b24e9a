package dev.tidemark.store.postgresql;

import dev.tidemark.store.change.JournalRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Partitions of the journal, so that retention drops a table instead of deleting rows. Each has a number and begins
/// on a day: usually the number is that of the day since 1970. Knows the first position of each partition, so that a
/// read by position needs one of them only. Written by the committing thread; read by any thread.
final class JournalDays {
    private static final Logger LOG = LoggerFactory.getLogger(JournalDays.class);

    private static final String PARTITIONS = """
            SELECT substring(c.relname FROM 'journal_day_([0-9]+)')::int
            FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'journal'::regclass
            """;
    private static final long NO_DAY = Long.MIN_VALUE;

    private static final String FIRST = """
            SELECT position, recorded_at FROM journal WHERE partition = 0 AND day = ? ORDER BY position LIMIT 1
            """;

    /// Partition that has rows.
    ///
    /// @param number number of the partition
    /// @param begunOn date of its first row
    private record JournalDay(long number, LocalDate begunOn) {}

    /// Partitions that exist. Immutable.
    ///
    /// @param tables numbers of all partitions
    /// @param byFirstPosition partitions that have rows, by the position of their first row
    private record DayIndex(Set<Long> tables, NavigableMap<Long, JournalDay> byFirstPosition) {
        DayIndex withTable(long number) {
            var more = new HashSet<>(tables);
            more.add(number);
            return new DayIndex(more, byFirstPosition);
        }

        DayIndex withFirst(long first, JournalDay day) {
            var more = new TreeMap<>(byFirstPosition);
            more.put(first, day);
            return new DayIndex(tables, more);
        }

        DayIndex without(long first, JournalDay dropped) {
            var less = new TreeMap<>(byFirstPosition);
            less.remove(first);
            var fewer = new HashSet<>(tables);
            fewer.remove(dropped.number());
            return new DayIndex(fewer, less);
        }

        Optional<JournalDay> newest() {
            return Optional.ofNullable(byFirstPosition.lastEntry()).map(Map.Entry::getValue);
        }
    }

    private volatile DayIndex index = new DayIndex(Set.of(), new TreeMap<>());

    /// Reads the partitions that exist.
    void load(Connection connection) throws SQLException {
        var found = new DayIndex(tables(connection), new TreeMap<>());
        for (var number : found.tables()) {
            found = withFirstRow(connection, found, number);
        }
        index = found;
    }

    private static Set<Long> tables(Connection connection) throws SQLException {
        var tables = new HashSet<Long>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(PARTITIONS)) {
            while (result.next()) {
                tables.add(result.getLong(1));
            }
        }
        return tables;
    }

    private static DayIndex withFirstRow(Connection connection, DayIndex days, long number) throws SQLException {
        try (var statement = connection.prepareStatement(FIRST)) {
            statement.setLong(1, number);
            try (var result = statement.executeQuery()) {
                if (!result.next()) {
                    return days;
                }
                var begunAt = result.getObject(2, OffsetDateTime.class).toInstant();
                return days.withFirst(result.getLong(1), new JournalDay(number, dateOf(begunAt)));
            }
        }
    }

    private static LocalDate dateOf(JournalRow row) {
        return dateOf(Instant.ofEpochMilli(row.recordedAt()));
    }

    private static LocalDate dateOf(Instant at) {
        return at.atZone(ZoneOffset.UTC).toLocalDate();
    }

    /// Returns the number of the partition for rows. Creates its table within the transaction if it does not exist.
    ///
    /// @param first the first of the rows
    long dayFor(Connection connection, JournalRow first) throws SQLException {
        var date = dateOf(first);
        var number = index.newest().map(newest -> following(newest, date)).orElseGet(date::toEpochDay);
        if (!index.tables().contains(number)) {
            create(connection, number);
        }
        return number;
    }

    /// Returns the number of the partition for a date after `newest`. Numbers never decrease, even if the clock
    /// moves backward. After more than a day backward, the newest partition is in the future and would keep all
    /// rows until then. In this case, the next number begins.
    private static long following(JournalDay newest, LocalDate date) {
        if (date.isAfter(newest.begunOn())) {
            return Math.max(date.toEpochDay(), newest.number() + 1);
        }
        return date.isBefore(newest.begunOn().minusDays(1)) ? newest.number() + 1 : newest.number();
    }

    private void create(Connection connection, long number) throws SQLException {
        // attaching takes a weaker lock than creating a partition, so it does not wait for a backup
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + table(number) + " (LIKE journal INCLUDING ALL)");
            // no format with %d: it would write the digits of the locale
            statement.execute(
                    "ALTER TABLE journal ATTACH PARTITION " + table(number) + " FOR VALUES IN (" + number + ")");
        }
        // the tables are read again if the transaction fails
        index = index.withTable(number);
    }

    /// Learns of a partition to which another node has committed rows.
    void learn(Connection connection, long number) throws SQLException {
        if (index.newest().filter(newest -> newest.number() >= number).isEmpty()) {
            index = withFirstRow(connection, index.withTable(number), number);
        }
    }

    /// Records that rows are committed in a partition.
    ///
    /// @param first the first of the rows
    void appended(long number, JournalRow first) {
        if (index.newest().filter(newest -> newest.number() >= number).isEmpty()) {
            index = index.withFirst(first.position(), new JournalDay(number, dateOf(first)));
        }
    }

    /// Returns the partition whose rows include a position if any does: the last one that begins at or before it.
    long dayOf(long position) {
        var found = index.byFirstPosition().floorEntry(position);
        return found == null ? NO_DAY : found.getValue().number();
    }

    /// Returns the partitions that begin after a position, in order.
    List<Long> daysAfter(long position) {
        return index.byFirstPosition().tailMap(position, false).values().stream()
                .map(JournalDay::number)
                .toList();
    }

    /// Drops the tables whose rows all end at or before `prunedTo`. Never drops the newest. Skips a table that a
    /// reader holds, for example a backup; a later call drops it.
    void drop(Connection connection, long prunedTo) throws SQLException {
        for (var days = index.byFirstPosition(); days.size() > 1; days = index.byFirstPosition()) {
            var first = days.firstKey();
            var oldest = days.firstEntry().getValue();
            if (days.higherKey(first) > prunedTo + 1 || !drop(connection, table(oldest.number()))) {
                return;
            }
            index = index.without(first, oldest);
            LOG.info("Dropped the journal of {}", oldest.begunOn());
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

    private static String table(long number) {
        return "journal_day_" + number;
    }
}
