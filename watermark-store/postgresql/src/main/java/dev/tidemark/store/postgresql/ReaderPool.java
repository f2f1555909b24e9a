package dev.tidemark.store.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.sql.SqlReader;
import dev.tidemark.store.sql.SqlRow;
import dev.tidemark.store.sql.StoreThreadPools;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/// Connections for queries. Queries run on the store's reading threads, because an interrupt would end the
/// connection of a caller's own thread. Thread-safe.
final class ReaderPool implements SqlReader, AutoCloseable {
    private static final Duration MAX_WAIT = Duration.ofSeconds(2);
    /// class of SQL states
    private static final String CONNECTION_FAILURES = "08";
    /// Time after a failed wait in which queries fail at once. A scrape makes a dozen queries.
    private static final Duration OUTAGE = Duration.ofSeconds(5);
    /// few, because a row of the journal may have 256 KiB
    private static final int FETCH_ROWS = 50;

    private final HikariDataSource connections;
    private final StoreThreadPools threads;
    private final ServerHealth health;
    private final AtomicLong reconnectsSeen = new AtomicLong();
    private volatile Optional<Outage> outage = Optional.empty();

    /// Failure of a query to get a connection.
    private record Outage(long nanoTime, SQLException failure) {
        boolean isRecent() {
            return System.nanoTime() - nanoTime < OUTAGE.toNanos();
        }
    }

    /// @param size limit of the connections
    /// @param health reports whether the server is unreachable, so that no query waits for it
    ReaderPool(PostgresConnector connector, int size, StoreThreadPools threads, ServerHealth health) {
        var config = new HikariConfig();
        config.setPoolName("store");
        config.setJdbcUrl(connector.url());
        config.setDataSourceProperties(connector.user());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(MAX_WAIT.toMillis());
        config.setValidationTimeout(MAX_WAIT.toMillis() / 2);
        // a store without its database must open fast or fail with the reason, which the writer knows
        config.setInitializationFailTimeout(-1);
        this.connections = new HikariDataSource(config);
        this.threads = threads;
        this.health = health;
    }

    private Connection connection() throws SQLException {
        health.unreachable().ifPresent(obstacle -> {
            throw new StoreException(obstacle);
        });
        dropConnectionsOfBefore();
        var recent = outage.filter(Outage::isRecent);
        if (recent.isPresent()) {
            throw noConnection(recent.get().failure());
        }
        try {
            return connections.getConnection();
        } catch (SQLTransientConnectionException e) {
            if (connections.getHikariPoolMXBean().getActiveConnections() >= connections.getMaximumPoolSize()) {
                throw e;
            }
            // not all connections are in use, so the server gave none
            outage = Optional.of(new Outage(System.nanoTime(), e));
            throw noConnection(e);
        }
    }

    /// Names the server's own reason, such as a wrong password, if it gave one.
    private static StoreException noConnection(SQLException e) {
        return Optional.ofNullable(e.getSQLState())
                .filter(state -> !state.startsWith(CONNECTION_FAILURES))
                .map(state -> PostgresErrors.INSTANCE.translate(e))
                .orElseGet(() -> PostgresErrors.unreachable(e));
    }

    /// Drops the connections from before the store connected again: each may lead to a server that is frozen, or no
    /// primary any more.
    private void dropConnectionsOfBefore() {
        var reconnects = health.reconnects();
        if (reconnectsSeen.getAndSet(reconnects) != reconnects) {
            outage = Optional.empty();
            connections.getHikariPoolMXBean().softEvictConnections();
        }
    }

    @Override
    public <T> List<T> query(String sql, Function<SqlRow, T> mapper, Object... arguments) {
        return threads.read(() -> {
            try (var connection = connection();
                    var statement = bound(connection, sql, arguments)) {
                var found = new ArrayList<T>();
                try (var result = statement.executeQuery()) {
                    var row = new SqlRow(result, PostgresErrors.INSTANCE);
                    while (result.next()) {
                        found.add(mapper.apply(row));
                    }
                }
                return found;
            } catch (SQLException e) {
                throw PostgresErrors.INSTANCE.translate(e);
            }
        });
    }

    @Override
    public void forEach(String sql, Consumer<SqlRow> sink, Object... arguments) {
        threads.read(() -> {
            try (var connection = connection()) {
                connection.setAutoCommit(false);
                try {
                    forEach(connection, sql, sink, arguments);
                } finally {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
                return true;
            } catch (SQLException e) {
                throw PostgresErrors.INSTANCE.translate(e);
            }
        });
    }

    /// Fetches rows in portions, which the driver does within a transaction only.
    static void forEach(Connection connection, String sql, Consumer<SqlRow> sink, Object... arguments)
            throws SQLException {
        try (var statement = bound(connection, sql, arguments)) {
            statement.setFetchSize(FETCH_ROWS);
            try (var result = statement.executeQuery()) {
                var row = new SqlRow(result, PostgresErrors.INSTANCE);
                while (result.next()) {
                    sink.accept(row);
                }
            }
        }
    }

    private static PreparedStatement bound(Connection connection, String sql, Object... arguments) throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (var i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, SqlValues.forParameter(arguments[i]));
        }
        return statement;
    }

    @Override
    public void close() {
        connections.close();
    }
}
