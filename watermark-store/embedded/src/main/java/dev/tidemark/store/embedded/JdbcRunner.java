package dev.tidemark.store.embedded;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.sql.SqlReader;
import dev.tidemark.store.sql.SqlRow;
import dev.tidemark.store.sql.StoreThreadPools;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The only class of this module that uses JDBC. Many threads may read; writes happen one at a time. Forces nothing:
/// the database
/// is an index, built again at each start. Thread-safe.
final class JdbcRunner implements SqlReader, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcRunner.class);
    /// keeps H2 from closing the database itself, and from creating other files
    private static final String SETTINGS = ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;MAX_COMPACT_TIME=0";

    private static final String IS_SAME = "SELECT mark FROM opened";
    private static final String INCOMPLETE =
            "The index of the store failed and is being rebuilt from the log; try again soon.";

    /// Closes the database without writing anything.
    private static final String FORGET = "SHUTDOWN IMMEDIATELY";

    private final String url;
    private final StoreThreadPools threads;
    private final ConcurrentLinkedDeque<Session> readers = new ConcurrentLinkedDeque<>();
    private volatile @Nullable Session writer;
    private volatile boolean isComplete;
    /// counts restarts of the database, so that a read detects one
    private final AtomicLong generation = new AtomicLong();

    JdbcRunner(IndexPlace place, StoreThreadPools threads) {
        this.url = place.url() + SETTINGS;
        this.threads = threads;
    }

    /// Statements of one transaction.
    @FunctionalInterface
    interface Tx {
        int update(String sql, Object... arguments);
    }

    /// Runs `work` as one transaction. Defers interrupts.
    ///
    /// @throws StoreException if it fails; then the transaction may or may not have happened
    void write(Consumer<Tx> work) {
        threads.write(() -> {
            transact(work);
            return true;
        });
    }

    private void transact(Consumer<Tx> work) {
        try {
            var session = writer();
            work.accept(session::update);
            session.connection.commit();
        } catch (SQLException e) {
            abandonWriter();
            throw StoreErrorTranslator.failed(e);
        } catch (RuntimeException | Error e) {
            abandonWriter();
            throw e;
        }
    }

    /// Returns the rows of the result, mapped by `mapper`. Reads again if the database was restarted meanwhile,
    /// because a database that is being filled lacks rows.
    ///
    /// @throws StoreException if the database fails, or has failed and is not complete again
    @Override
    public <T> List<T> query(String sql, Function<SqlRow, T> mapper, Object... arguments) {
        return threads.read(() -> {
            while (true) {
                var began = generation.get(); // read before isComplete
                if (!isComplete) {
                    throw new StoreException(INCOMPLETE);
                }
                try {
                    var found = queryOnce(began, sql, mapper, arguments);
                    if (generation.get() == began) {
                        return found;
                    }
                } catch (SQLException | RuntimeException e) {
                    if (generation.get() == began) {
                        fail(e);
                        throw new StoreException(INCOMPLETE, e);
                    }
                }
            }
        });
    }

    private <T> List<T> queryOnce(long began, String sql, Function<SqlRow, T> mapper, Object... arguments)
            throws SQLException {
        var session = reader();
        var whole = false;
        try {
            var found = session.query(sql, mapper, arguments);
            whole = generation.get() == began;
            return found;
        } finally {
            if (whole) {
                readers.push(session);
            } else {
                session.discard();
            }
        }
    }

    @Override
    public void forEach(String sql, Consumer<SqlRow> sink, Object... arguments) {
        query(
                sql,
                row -> {
                    sink.accept(row);
                    return true;
                },
                arguments);
    }

    /// Makes every read fail until [#complete], because the database may lack rows.
    void fail(Throwable cause) {
        if (isComplete) {
            LOG.error("Store index failed; rebuilding it from the log", cause);
        }
        isComplete = false;
    }

    /// Allows reads: the database holds all rows.
    void complete() {
        isComplete = true;
    }

    boolean isComplete() {
        return isComplete;
    }

    /// Closes the database, if it is open, without writing anything; the next write opens it again.
    void forget() {
        threads.write(() -> {
            isComplete = false;
            generation.incrementAndGet();
            dropReaders();
            shutDown();
            return true;
        });
    }

    private void shutDown() {
        var session = writer;
        if (session != null) {
            try {
                session.update(FORGET);
            } catch (StoreException e) {
                LOG.debug("Failed to shut the index down; it is closed already", e);
            }
        }
        abandonWriter();
    }

    @Override
    public void close() {
        forget();
    }

    private void dropReaders() {
        for (var reader = readers.poll(); reader != null; reader = readers.poll()) {
            reader.discard();
        }
    }

    /// Returns a session for reads. A database that H2 closed after an error and reopened may lack the last
    /// changes.
    private Session reader() throws SQLException {
        var idle = readers.poll();
        if (idle != null) {
            return idle;
        }
        var session = connect();
        try {
            session.query(IS_SAME, row -> row);
            return session;
        } catch (SQLException e) {
            session.discard();
            throw e;
        }
    }

    private Session writer() throws SQLException {
        var session = writer;
        if (session == null) {
            session = connect();
            session.connection.setAutoCommit(false);
            writer = session;
        }
        return session;
    }

    /// Closes a connection that failed, because its state is unknown.
    private void abandonWriter() {
        var session = writer;
        writer = null;
        if (session != null) {
            session.rollBack();
            session.discard();
        }
    }

    private Session connect() throws SQLException {
        return new Session(DriverManager.getConnection(url, "sa", ""));
    }

    /// Connection with its prepared statements.
    private static final class Session {
        private final Connection connection;
        private final Map<String, PreparedStatement> prepared = new HashMap<>();

        Session(Connection connection) {
            this.connection = connection;
        }

        int update(String sql, Object... arguments) {
            try {
                return bound(sql, arguments).executeUpdate();
            } catch (SQLException e) {
                throw StoreErrorTranslator.failed(e);
            }
        }

        <T> List<T> query(String sql, Function<SqlRow, T> mapper, Object... arguments) throws SQLException {
            var found = new ArrayList<T>();
            try (var result = bound(sql, arguments).executeQuery()) {
                var row = new SqlRow(result, StoreErrorTranslator::failed);
                while (result.next()) {
                    found.add(mapper.apply(row));
                }
            }
            return found;
        }

        private PreparedStatement bound(String sql, Object... arguments) throws SQLException {
            var statement = prepared.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                prepared.put(sql, statement);
            }
            for (var i = 0; i < arguments.length; i++) {
                var argument = arguments[i] instanceof Optional<?> optional ? optional.orElse(null) : arguments[i];
                statement.setObject(i + 1, argument);
            }
            return statement;
        }

        void rollBack() {
            try {
                connection.rollback();
            } catch (SQLException e) {
                // closing the connection rolls back as well
                LOG.debug("Failed to roll back; closing the connection", e);
            }
        }

        void discard() {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("Failed to close a connection; dropping it", e);
            }
        }
    }
}
