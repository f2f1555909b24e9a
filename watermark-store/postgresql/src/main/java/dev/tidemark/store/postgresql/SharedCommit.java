package dev.tidemark.store.postgresql;

import dev.tidemark.store.change.BinaryValueReader;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ChangeCodec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// One commit in the table `commit_log`, by which nodes share the changes of their memory. Used by the committing
/// thread.
///
/// @param number of the commit; all numbers follow each other without a gap
/// @param node name and opening of the node that committed
/// @param day partition of the journal that has the events of the commit, if it has any
/// @param changes those of rows that are in memory; of a commit to be added, all
record SharedCommit(long number, String node, long newestPosition, OptionalLong day, List<Change> changes) {
    private static final int VERSION = 1;

    private static final String ADD = """
            INSERT INTO commit_log (partition, number, node, newest_position, day, body) VALUES (0, ?, ?, ?, ?, ?)
            """;
    private static final String AFTER = """
            SELECT number, node, newest_position, day, body FROM commit_log
            WHERE partition = 0 AND number > ? ORDER BY number LIMIT ?
            """;
    /// Maximum number of kept commits, of any age. A node that lacks more of them reads the whole store again,
    /// which takes less time than to apply them.
    static final int MAX_KEPT = 100_000;

    /// number of kept commits; reads only rows that it removes, and the next one; keeps the newest one
    private static final String PRUNE = """
            DELETE FROM commit_log WHERE partition = 0 AND number < greatest(
                (SELECT max(number) FROM commit_log WHERE partition = 0) - ? + 1,
                coalesce(
                    (SELECT number FROM commit_log
                    WHERE partition = 0 AND committed_at > clock_timestamp() - interval '10 minutes'
                    ORDER BY number LIMIT 1),
                    (SELECT max(number) FROM commit_log WHERE partition = 0)))
            """;
    private static final String CLEAR = "DELETE FROM commit_log";

    /// Adds this commit within its transaction.
    void add(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(ADD)) {
            statement.setLong(1, number);
            statement.setString(2, node);
            statement.setLong(3, newestPosition);
            statement.setObject(4, day.isPresent() ? day.getAsLong() : null, Types.INTEGER);
            statement.setBytes(5, body());
            statement.executeUpdate();
        }
    }

    private byte[] body() {
        var out = new BinaryValueWriter().octet(VERSION);
        changes.stream().filter(SharedCommit::isInMemory).forEach(change -> ChangeCodec.write(out, change));
        return out.toBytes();
    }

    /// Returns whether the memory of a node has the row; queries read all other rows from their tables.
    private static boolean isInMemory(Change change) {
        return switch (change) {
            case Change.MailboxSaved ignored -> true;
            case Change.MailboxForgotten ignored -> true;
            case Change.InstanceSaved ignored -> true;
            case Change.JournalPruned ignored -> true;
            case Change.DetailSpanSaved ignored -> true;
            case Change.DetailsPruned ignored -> true;
            case Change.MailboxLocationSaved ignored -> true;
            case Change.MailboxLocationRemoved ignored -> false;
            case Change.ClockOffsetSaved ignored -> true;
            case Change.EventTimeSaved ignored -> true;
            case Change.JournalAppended ignored -> false;
            case Change.FolderStateSaved ignored -> false;
            case Change.FolderStateRemoved ignored -> false;
            case Change.SinkSaved ignored -> false;
            case Change.SinkRemoved ignored -> false;
            case Change.DeliveryDeferred ignored -> false;
            case Change.DeferralRemoved ignored -> false;
            case Change.DeadLetterSaved ignored -> false;
            case Change.DeadLetterRemoved ignored -> false;
            case Change.DetailSaved ignored -> false;
            case Change.DetailRemoved ignored -> false;
            case Change.ReplaySaved ignored -> false;
            case Change.ReplayRemoved ignored -> false;
        };
    }

    /// Returns at most `limit` commits after the one called `number`, in order.
    ///
    /// @throws dev.tidemark.store.StoreException if a later version of Tidemark wrote one of them
    static List<SharedCommit> after(Connection connection, long number, int limit) throws SQLException {
        var found = new ArrayList<SharedCommit>();
        try (var statement = connection.prepareStatement(AFTER)) {
            statement.setLong(1, number);
            statement.setInt(2, limit);
            try (var result = statement.executeQuery()) {
                while (result.next()) {
                    found.add(new SharedCommit(
                            result.getLong(1),
                            result.getString(2),
                            result.getLong(3),
                            day(result),
                            changes(result.getBytes(5))));
                }
            }
        }
        return found;
    }

    private static OptionalLong day(ResultSet row) throws SQLException {
        var day = row.getInt(4);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(day);
    }

    private static List<Change> changes(byte[] body) {
        var in = new BinaryValueReader(body);
        in.expectVersion(VERSION, "commit of another node");
        var changes = new ArrayList<Change>();
        while (in.hasMore()) {
            changes.add(ChangeCodec.read(in));
        }
        return changes;
    }

    /// Returns the node that made a commit; empty if it is not kept any more.
    static Optional<String> nodeOf(Connection connection, long number) throws SQLException {
        return after(connection, number - 1, 1).stream()
                .filter(found -> found.number() == number)
                .map(SharedCommit::node)
                .findFirst();
    }

    /// Removes all commits, because a process uses the store alone.
    static void clear(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(CLEAR);
        }
        connection.commit();
    }

    /// Removes commits that are older than ten minutes or exceed the limit, except the newest. A node that has not
    /// applied them reads the whole store again.
    static void prune(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(PRUNE)) {
            statement.setInt(1, MAX_KEPT);
            statement.executeUpdate();
        }
        connection.commit();
    }
}
