package dev.tidemark.store.postgresql;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.JournalRow;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseLostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connection that owns the store and commits changes, each commit as one transaction. With several nodes, the
/// transaction begins with [#lock], and the rows of the mailboxes are current after each commit. Used under the rules'
/// write lock, on the store's writing thread.
final class StoreWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreWriter.class);

    /// updates no row if another process owns the store, or this commit is stored already
    private static final String FENCE = """
            UPDATE store_partition SET commits = commits + 1, newest_position = ?, pruned_to = greatest(pruned_to, ?),
            mailboxes_to = CASE WHEN ? AND mailboxes_to = newest_position THEN ? ELSE mailboxes_to END
            WHERE id = 0 AND owner_epoch = ? AND commits = ?
            """;

    private static final String APPEND = """
            INSERT INTO journal (partition, day, position, events, recorded_at, body)
            SELECT 0, ?, * FROM unnest(?::bigint[], ?::bigint[], ?::timestamptz[], ?::bytea[])
            """;
    private static final String SAVE_MAILBOXES = """
            INSERT INTO mailbox (id, address, body) SELECT * FROM unnest(?::text[], ?::text[], ?::bytea[])
            ON CONFLICT (id) DO UPDATE SET address = excluded.address, body = excluded.body
            """;
    private static final String SAVE_INSTANCE = """
            INSERT INTO store_instance (name, token_key, created_at, clean, sequence) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (only_row) DO UPDATE SET name = excluded.name, token_key = excluded.token_key,
            created_at = excluded.created_at, clean = excluded.clean, sequence = excluded.sequence
            """;
    private static final String SAVE_CHECKPOINT =
            "UPDATE store_partition SET mailboxes_to = greatest(mailboxes_to, ?) WHERE id = 0 AND owner_epoch = ?";

    private final Connection connection;
    private final StoreOwnership ownership;
    private final JournalDays days;
    private final Optional<String> node;
    private long commits;

    /// @param ownership of this connection
    /// @param node name of this node if it shares the store with others
    /// @param commits number of the newest commit that memory includes
    StoreWriter(Connection connection, StoreOwnership ownership, JournalDays days, Optional<String> node, long commits)
            throws SQLException {
        this.connection = connection;
        this.ownership = ownership;
        this.days = days;
        this.node = node;
        this.commits = commits;
        connection.setAutoCommit(false);
    }

    /// Returns the number of the newest commit that the server has confirmed.
    long commits() {
        return commits;
    }

    /// Commits of other nodes that this node lacks.
    ///
    /// @param now current values of the partition
    /// @param commits at most as many as the limit; may lack the first ones
    record NewerCommits(StoreOwnership now, List<SharedCommit> commits) {}

    /// Begins a transaction that excludes the commits of other nodes, and reads those that this node lacks.
    ///
    /// @param limit number of commits above which it reads none
    NewerCommits lock(int limit) throws SQLException {
        var now = ownership.lock(connection);
        return new NewerCommits(now, now.commits() - commits > limit ? List.of() : read(now, limit));
    }

    /// Reads commits of other nodes that this node lacks.
    NewerCommits look(int limit) throws SQLException {
        var now = ownership.renew(connection);
        var found = read(now, limit);
        connection.commit();
        return new NewerCommits(now, found);
    }

    private List<SharedCommit> read(StoreOwnership now, int limit) throws SQLException {
        var found = now.commits() > commits ? SharedCommit.after(connection, commits, limit) : List.<SharedCommit>of();
        for (var commit : found) {
            if (commit.day().isPresent()) {
                days.learn(connection, commit.day().getAsLong());
            }
        }
        return found;
    }

    /// Records that memory includes the commit with this number.
    void reach(long number) {
        commits = number;
    }

    /// Ends a transaction without a commit.
    void cancel() throws SQLException {
        connection.rollback();
    }

    /// Returns the current values, to read the whole store again from there.
    StoreOwnership restart() throws SQLException {
        connection.rollback();
        var now = ownership.renew(connection);
        days.load(connection);
        connection.commit();
        commits = now.commits();
        return now;
    }

    /// Removes commits of nodes that all nodes have applied; all of them if this process uses the store alone.
    void pruneCommits() throws SQLException {
        if (node.isPresent()) {
            SharedCommit.prune(connection);
        } else {
            SharedCommit.clear(connection);
        }
    }

    /// Commits `changes` as one transaction.
    ///
    /// @param lease lease that must be the newest one of its resource
    /// @param newest position of the newest event after this commit
    /// @throws SQLException if the database fails; then the commit may have taken place
    /// @throws LeaseLostException if another node has taken the lease; then nothing is changed
    void commit(Optional<Lease> lease, List<Change> changes, long newest) throws SQLException {
        var rows = journalRows(changes);
        // creates a day only for rows
        var day = rows.isEmpty() ? OptionalLong.empty() : OptionalLong.of(days.dayFor(connection, rows.getFirst()));
        fence(newest, prunedTo(changes));
        if (lease.isPresent()) {
            require(lease.get());
        }
        if (day.isPresent()) {
            append(rows, day.getAsLong());
        }
        saveMailboxes(changes);
        var batch = new RowBatch(connection);
        for (var change : changes) {
            if (change instanceof Change.InstanceSaved instance) {
                save(instance);
            }
            batch.add(change);
        }
        batch.flush();
        if (node.isPresent()) {
            new SharedCommit(commits + 1, node.get(), newest, day, changes).add(connection);
        }
        connection.commit();
        commits++;
        day.ifPresent(it -> days.appended(it, rows.getFirst()));
    }

    private void require(Lease lease) throws SQLException {
        try {
            LeaseFence.require(connection, lease);
        } catch (LeaseLostException e) {
            connection.rollback();
            throw e;
        }
    }

    private static List<JournalRow> journalRows(List<Change> changes) {
        var rows = new ArrayList<JournalRow>();
        for (var change : changes) {
            if (change instanceof Change.JournalAppended(var row)) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static long prunedTo(List<Change> changes) {
        return changes.stream()
                .mapToLong(change -> change instanceof Change.JournalPruned(var upTo) ? upTo : 0)
                .max()
                .orElse(0);
    }

    private void fence(long newest, long prunedTo) throws SQLException {
        try (var statement = connection.prepareStatement(FENCE)) {
            statement.setLong(1, newest);
            statement.setLong(2, prunedTo);
            statement.setBoolean(3, node.isPresent());
            statement.setLong(4, newest);
            statement.setLong(5, ownership.epoch());
            statement.setLong(6, commits);
            if (statement.executeUpdate() != 1) {
                throw StoreOwnership.lost();
            }
        }
    }

    private void append(List<JournalRow> rows, long day) throws SQLException {
        try (var statement = connection.prepareStatement(APPEND)) {
            statement.setLong(1, day);
            statement.setArray(
                    2, array("bigint", rows.stream().map(JournalRow::position).toArray()));
            statement.setArray(
                    3, array("bigint", rows.stream().map(JournalRow::events).toArray()));
            statement.setArray(
                    4,
                    array(
                            "timestamptz",
                            rows.stream().map(StoreWriter::recordedAt).toArray()));
            statement.setArray(
                    5, array("bytea", rows.stream().map(JournalRow::body).toArray(byte[][]::new)));
            statement.executeUpdate();
        }
    }

    private static String recordedAt(JournalRow row) {
        return Instant.ofEpochMilli(row.recordedAt()).atOffset(ZoneOffset.UTC).toString();
    }

    private java.sql.Array array(String type, Object[] values) throws SQLException {
        return connection.createArrayOf(type, values);
    }

    private void saveMailboxes(List<Change> changes) throws SQLException {
        Map<String, StoredMailbox> newest = new LinkedHashMap<>();
        for (var change : changes) {
            StoredMailbox.of(change).ifPresent(row -> newest.put(row.id(), row));
        }
        if (newest.isEmpty()) {
            return;
        }
        // in a fixed order, so that two processes lock them in the same one
        var rows = newest.values().stream()
                .sorted(Comparator.comparing(StoredMailbox::id))
                .toList();
        try (var statement = connection.prepareStatement(SAVE_MAILBOXES)) {
            statement.setArray(
                    1, array("text", rows.stream().map(StoredMailbox::id).toArray()));
            statement.setArray(
                    2,
                    array(
                            "text",
                            rows.stream()
                                    .map(row -> SqlValues.forArray(row.address()))
                                    .toArray()));
            statement.setArray(
                    3, array("bytea", rows.stream().map(StoredMailbox::body).toArray(byte[][]::new)));
            statement.executeUpdate();
        }
    }

    private void save(Change.InstanceSaved instance) throws SQLException {
        try (var statement = connection.prepareStatement(SAVE_INSTANCE)) {
            statement.setString(1, instance.name());
            statement.setString(2, instance.tokenKey());
            statement.setObject(3, SqlValues.time(instance.createdAt()));
            statement.setBoolean(4, instance.clean());
            statement.setLong(5, instance.sequence());
            statement.executeUpdate();
        }
    }

    /// Records that the rows of the mailboxes include the journal up to `position`.
    void saveCheckpoint(long position) throws SQLException {
        try (var statement = connection.prepareStatement(SAVE_CHECKPOINT)) {
            statement.setLong(1, position);
            statement.setLong(2, ownership.epoch());
            if (statement.executeUpdate() != 1) {
                throw StoreOwnership.lost();
            }
        }
        connection.commit();
    }

    /// Drops the days of the journal that end at or before `prunedTo`.
    void dropDays(long prunedTo) throws SQLException {
        days.drop(connection, prunedTo);
    }

    /// Ends the connection; a transaction in progress is rolled back.
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("Failed to close a connection; dropping it", e);
        }
    }
}
