package dev.tidemark.store.postgresql;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.sql.SqlReader;
import dev.tidemark.store.sql.SqlRow;
import dev.tidemark.store.sql.StoreTables;
import dev.tidemark.store.transfer.StoreSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/// Snapshot of a store, read in one transaction concurrently with commits. Only retention waits for its locks.
final class PostgresContents implements StoreSource {
    private static final String POSITIONS = "SELECT newest_position, pruned_to FROM store_partition WHERE id = 0";
    private static final String JOURNAL = """
            SELECT position, events, recorded_at, body FROM journal WHERE partition = 0 ORDER BY day, position
            """;

    private final Connection connection;
    private final TransactionReader sql;

    private PostgresContents(Connection connection) {
        this.connection = connection;
        this.sql = new TransactionReader(connection);
    }

    static PostgresContents open(PostgresConnector connector) {
        try {
            var connection = connector.connect();
            try {
                begin(connection);
                return new PostgresContents(connection);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw PostgresErrors.INSTANCE.translate(e);
        }
    }

    private static void begin(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            // the copy writes between two reads; only retention waits for it
            statement.execute("SET idle_in_transaction_session_timeout = '5min'");
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            // before the snapshot, so that no day is dropped that the snapshot counts
            statement.execute("LOCK TABLE journal IN ACCESS SHARE MODE");
        }
    }

    /// Queries within the transaction.
    private record TransactionReader(Connection connection) implements SqlReader {
        @Override
        public <T> List<T> query(String text, Function<SqlRow, T> mapper, Object... arguments) {
            var found = new ArrayList<T>();
            forEach(text, row -> found.add(mapper.apply(row)), arguments);
            return found;
        }

        @Override
        public void forEach(String text, Consumer<SqlRow> sink, Object... arguments) {
            try {
                ReaderPool.forEach(connection, text, sink, arguments);
            } catch (SQLException e) {
                throw PostgresErrors.INSTANCE.translate(e);
            }
        }
    }

    /// Returns whether there is a whole store, not a part of a copy.
    boolean isComplete() {
        return PostgresStart.readInstance(sql).isPresent();
    }

    /// Positions of the newest event, and of the newest that retention removed.
    private record Positions(long newest, long prunedTo) {}

    @Override
    public long read(Consumer<Change> sink) {
        var positions = sql.queryOne(POSITIONS, row -> new Positions(row.number(1), row.number(2)))
                .orElseThrow();
        PostgresStart.readInstance(sql).ifPresent(sink);
        if (positions.prunedTo() > 0) {
            sink.accept(new Change.JournalPruned(positions.prunedTo()));
        }
        PostgresStart.forEachMailbox(sql, row -> sink.accept(row.change()));
        new StoreTables(sql).forEach(sink);
        sql.forEach(JOURNAL, row -> {
            var stored = PostgresJournal.stored(row);
            if (stored.end() > positions.prunedTo()) {
                sink.accept(new Change.JournalAppended(stored));
            }
        });
        return positions.newest();
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw PostgresErrors.INSTANCE.translate(e);
        }
    }
}
