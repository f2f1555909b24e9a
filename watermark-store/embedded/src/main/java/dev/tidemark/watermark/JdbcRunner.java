package dev.tidemark.watermark;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import java.util.function.Function;
import org.h2.util.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The only place that speaks JDBC, and that knows H2's habits. Reads may come from many threads; writes
/// happen one at a time.
final class JdbcRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcRunner.class);
    /// Never behind our back, and no files of its own beside the database.
    private static final String SETTINGS = ";DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";

    /// Returns once everything has been begun to be written.
    private static final String WRITE = "CHECKPOINT";

    /// Closes the database without writing anything.
    private static final String FORGET = "SHUTDOWN IMMEDIATELY";

    private final String url;
    private final String user;
    private final String password;
    private final Forcing.Effort effort;
    private final ConcurrentLinkedDeque<Session> readers = new ConcurrentLinkedDeque<>();
    /// A thread of H2's kind: one that is not, and finds that H2 has given up its file, closes the database
    /// itself, with a lock in hand that the writer wants while it holds what that takes.
    private final StoreThreads threads = new StoreThreads(work -> Utils.createBackgroundThread("store-snapshot", work));
    private volatile @Nullable Session writer;

    JdbcRunner(String url, String user, String password, Forcing.Effort effort) {
        this.effort = effort;
        this.url = H2Address.sealed(url) + SETTINGS;
        this.user = user;
        this.password = password;
    }

    String url() {
        return url;
    }

    /// Connects, or says why that is not possible.
    void ping() {
        query("SELECT 1", row -> row.number(1));
    }

    /// The statements of one transaction.
    @FunctionalInterface
    interface Tx {
        int update(String sql, Object... arguments);
    }

    /// Runs `work` as one transaction and returns once it is on stable storage. Interrupts are left for
    /// later.
    ///
    /// @throws StoreException if not; then the transaction may have happened or not
    void write(Consumer<Tx> work) {
        threads.write(() -> {
            transact(work, this::toDisk);
            return true;
        });
    }

    /// Runs `work` as one transaction and then `last`, which sees to it by itself that what has to last does:
    /// H2 writes the transaction with the next one that is forced, or in a second or so.
    ///
    /// @throws StoreException if either fails; then the transaction may have happened or not
    void writeUnforced(Consumer<Tx> work, Runnable last) {
        threads.write(() -> {
            transact(work, session -> last.run());
            return true;
        });
    }

    /// Runs `work`, which may open connections of its own, while H2 writes nothing: what it changes gets to
    /// the disk all at once, at the end, or not at all.
    ///
    /// @throws RuntimeException of `work`; then everything is as it was
    void allOrNothing(Runnable work) {
        threads.write(() -> {
            transact(tx -> {}, session -> inOneGo(session, work));
            return true;
        });
    }

    private void inOneGo(Session session, Runnable work) {
        var pause = session.pause();
        try {
            work.run();
            toDisk(session);
        } catch (RuntimeException e) {
            forget(session, e);
            throw e;
        }
        pause.end();
    }

    private void forget(Session session, RuntimeException because) {
        dropReaders();
        try {
            session.update(FORGET);
        } catch (StoreException e) {
            because.addSuppressed(e);
        }
    }

    private void toDisk(Session session) {
        if (effort != Forcing.Effort.NONE) {
            session.update(WRITE);
        }
        if (effort == Forcing.Effort.FORCE) {
            completeSnapshot(session.latest());
        }
    }

    /// Begins to write what is committed, and returns at once. To be called by the `last` of
    /// [#writeUnforced].
    ///
    /// @return none if it could not be begun: somebody else has begun to write, or H2 has given up its
    ///     file, which the next write notices
    Optional<H2Snapshot> beginSnapshot() {
        return Optional.ofNullable(writer).flatMap(Session::begin);
    }

    /// Returns once all of `begun` is on stable storage. Nobody else has to wait.
    ///
    /// @throws StoreException if nobody knows whether it is
    void completeSnapshot(H2Snapshot begun) {
        threads.snapshot(() -> {
            if (effort == Forcing.Effort.FORCE) {
                begun.force();
            }
            return true;
        });
    }

    private void transact(Consumer<Tx> work, Consumer<Session> last) {
        try {
            var session = writer();
            work.accept(session::update);
            session.connection.commit();
            last.accept(session);
        } catch (SQLException e) {
            abandonWriter();
            throw StoreErrors.failed(e.getErrorCode(), e);
        } catch (RuntimeException e) {
            abandonWriter();
            throw e;
        }
    }

    <T> List<T> query(String sql, Function<Row, T> mapper, Object... arguments) {
        return threads.read(() -> {
            try {
                return queryOnce(sql, mapper, arguments);
            } catch (SQLException e) {
                LOG.debug("A read failed; it is tried once more on a new connection.", e);
                dropReaders();
            }
            try {
                return queryOnce(sql, mapper, arguments);
            } catch (SQLException e) {
                throw StoreErrors.failed(e.getErrorCode(), e);
            }
        });
    }

    private <T> List<T> queryOnce(String sql, Function<Row, T> mapper, Object... arguments) throws SQLException {
        var idle = readers.poll();
        var session = idle == null ? connect() : idle;
        var whole = false;
        try {
            var found = session.query(sql, mapper, arguments);
            whole = true;
            return found;
        } finally {
            if (whole) {
                readers.push(session);
            } else {
                session.discard();
            }
        }
    }

    <T> Optional<T> queryOne(String sql, Function<Row, T> mapper, Object... arguments) {
        return query(sql, mapper, arguments).stream().findFirst();
    }

    @Override
    public void close() {
        threads.close();
        dropReaders();
        var session = writer;
        writer = null;
        if (session != null) {
            session.discard();
        }
    }

    private void dropReaders() {
        for (var reader = readers.poll(); reader != null; reader = readers.poll()) {
            reader.discard();
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

    /// A connection that failed is not used again: what state it is in is anybody's guess.
    private void abandonWriter() {
        var session = writer;
        writer = null;
        if (session != null) {
            session.rollBack();
            session.discard();
        }
    }

    private Session connect() throws SQLException {
        return new Session(DriverManager.getConnection(url, user, password));
    }

    /// A row of an answer; columns count from 1.
    static final class Row {
        private final ResultSet answer;

        private Row(ResultSet answer) {
            this.answer = answer;
        }

        long number(int column) {
            return required(column, Long.class);
        }

        boolean flag(int column) {
            return required(column, Boolean.class);
        }

        String text(int column) {
            return required(column, String.class);
        }

        byte[] bytes(int column) {
            return required(column, byte[].class);
        }

        Instant instant(int column) {
            return required(column, Instant.class);
        }

        <T> Optional<T> optional(int column, Class<T> type) {
            try {
                return Optional.ofNullable(answer.getObject(column, type));
            } catch (SQLException e) {
                throw StoreErrors.failed(e.getErrorCode(), e);
            }
        }

        private <T> T required(int column, Class<T> type) {
            return optional(column, type)
                    .orElseThrow(() -> new StoreException("Column " + column + " of an answer is empty."));
        }
    }

    /// A connection with its prepared statements.
    private static final class Session {
        private final Connection connection;
        private final Map<String, PreparedStatement> prepared = new HashMap<>();

        Session(Connection connection) {
            this.connection = connection;
        }

        H2Pause pause() {
            try {
                return H2Pause.begin(connection);
            } catch (SQLException e) {
                throw StoreErrors.failed(e.getErrorCode(), e);
            }
        }

        Optional<H2Snapshot> begin() {
            try {
                return H2Snapshot.begin(connection);
            } catch (SQLException e) {
                throw StoreErrors.failed(e.getErrorCode(), e);
            }
        }

        H2Snapshot latest() {
            try {
                return H2Snapshot.latest(connection);
            } catch (SQLException e) {
                throw StoreErrors.failed(e.getErrorCode(), e);
            }
        }

        int update(String sql, Object... arguments) {
            try {
                return bound(sql, arguments).executeUpdate();
            } catch (SQLException e) {
                throw StoreErrors.failed(e.getErrorCode(), e);
            }
        }

        <T> List<T> query(String sql, Function<Row, T> mapper, Object... arguments) throws SQLException {
            var found = new ArrayList<T>();
            try (var answer = bound(sql, arguments).executeQuery()) {
                var row = new Row(answer);
                while (answer.next()) {
                    found.add(read(mapper, row));
                }
            }
            return found;
        }

        /// What a row holds was right when it was written.
        private static <T> T read(Function<Row, T> mapper, Row row) {
            try {
                return mapper.apply(row);
            } catch (StoreException told) {
                throw told;
            } catch (RuntimeException e) {
                throw StoreErrors.unreadable(e);
            }
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
                // the connection is given up in any case, which rolls back as well
                LOG.debug("Rolling back failed; the connection is dropped.", e);
            }
        }

        void discard() {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("Closing a connection failed; it is dropped.", e);
            }
        }
    }
}
