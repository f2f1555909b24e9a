package dev.tidemark.store.postgresql;

import dev.tidemark.store.StoreConfig.NodeConfig;
import dev.tidemark.store.lease.LeaseStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// [LeaseStore] on PostgreSQL, with a dedicated connection, so that neither commits nor queries delay a
/// renewal. Each call sends a few statements and waits at most half a lease for each. Connects again after a
/// failure. Thread-safe; calls exclude each other.
final class PostgresLeases implements LeaseStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresLeases.class);

    /// limit of a process that uses the store alone, and renews nothing
    private static final Duration ALONE_LIMIT = Duration.ofSeconds(15);

    private final PostgresConnector connector;
    private final Clock clock;
    private final Consumer<Runnable> listeners;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Connection> open = Optional.empty();
    private final Duration responseLimit;
    private final int sinkPartitions;
    private long clockOffset;

    PostgresLeases(PostgresConnector connector, Clock clock) {
        this(connector, clock, ignored -> {});
    }

    /// @param listeners takes the action that follows the announcements of other nodes
    PostgresLeases(PostgresConnector connector, Clock clock, Consumer<Runnable> listeners) {
        this.connector = connector;
        this.clock = clock;
        this.listeners = listeners;
        this.sinkPartitions = connector.node().map(NodeConfig::sinkPartitions).orElse(1);
        this.responseLimit = connector.node().map(NodeConfig::halfLease).orElse(ALONE_LIMIT);
    }

    /// Statements on the connection.
    @FunctionalInterface
    private interface LeaseTask<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T call(LeaseTask<T> task) {
        lock.lock();
        try {
            return task.run(connection());
        } catch (SQLException e) {
            drop();
            throw PostgresErrors.INSTANCE.translate(e);
        } finally {
            lock.unlock();
        }
    }

    private Connection connection() throws SQLException {
        if (open.isEmpty()) {
            open = Optional.of(connector.connect(responseLimit));
        }
        return open.get();
    }

    private void drop() {
        try {
            if (open.isPresent()) {
                open.get().close();
            }
        } catch (SQLException ignored) {
            // it has failed already
        }
        open = Optional.empty();
    }

    @Override
    public boolean join(NodeIdentity node, Duration length) {
        return call(connection -> {
            update(connection, LeaseStatements.PRUNE_NODES);
            update(connection, LeaseStatements.PRUNE_COMMANDS);
            return see(connection, node, length, false);
        });
    }

    /// Returns false if another live node has this name, or other sink partitions. Measures the clock offset,
    /// which the next call stores.
    private boolean see(Connection connection, NodeIdentity node, Duration length, boolean takesWork)
            throws SQLException {
        try (var statement = prepared(
                connection,
                LeaseStatements.SEE,
                node.name(),
                node.session(),
                node.version(),
                node.startedAt().toString(),
                length.toMillis(),
                clockOffset,
                takesWork,
                sinkPartitions,
                node.name())) {
            var sent = clock.millis();
            try (var result = statement.executeQuery()) {
                if (!result.next()) {
                    return false;
                }
                var half = (clock.millis() - sent) / 2;
                clockOffset = sent + half - result.getLong(1);
                return true;
            }
        }
    }

    @Override
    public LeaseRound renew(NodeIdentity node, Collection<String> resources, Duration length) {
        return call(connection -> {
            if (!see(connection, node, length, !resources.isEmpty())) {
                return new LeaseRound(true, List.of(), List.of(), nodes(connection));
            }
            update(connection, LeaseStatements.RENEW, length.toMillis(), node.session());
            var names = resources.toArray(String[]::new);
            update(connection, LeaseStatements.CREATE, (Object) names);
            update(
                    connection,
                    LeaseStatements.TAKE,
                    resources.size(),
                    node.session(),
                    names,
                    node.session(),
                    length.toMillis());
            var held = held(connection, node);
            return new LeaseRound(false, held, commands(connection, held), nodes(connection));
        });
    }

    private static List<Lease> held(Connection connection, NodeIdentity node) throws SQLException {
        return query(
                connection, LeaseStatements.HELD, row -> new Lease(row.getString(1), row.getLong(2)), node.session());
    }

    private static List<LeaseCommand> commands(Connection connection, List<Lease> held) throws SQLException {
        var byId = new TreeMap<Long, LeaseCommand>();
        var resources = held.stream().map(Lease::resource).toArray(String[]::new);
        query(
                        connection,
                        LeaseStatements.TAKE_COMMANDS,
                        row -> Map.entry(row.getLong(1), new LeaseCommand(row.getString(2), row.getString(3))),
                        (Object) resources)
                .forEach(entry -> byId.put(entry.getKey(), entry.getValue()));
        return List.copyOf(byId.values());
    }

    private static List<ClusterNode> nodes(Connection connection) throws SQLException {
        return query(
                connection,
                LeaseStatements.NODES,
                row -> new ClusterNode(
                        row.getString(1),
                        row.getString(2),
                        instant(row, 3),
                        instant(row, 4),
                        Duration.ofMillis(row.getLong(5)),
                        row.getBoolean(6),
                        row.getBoolean(7),
                        List.of((String[]) row.getArray(8).getArray())));
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class)
                .withOffsetSameInstant(ZoneOffset.UTC)
                .toInstant();
    }

    @Override
    public void onChange(Runnable wake) {
        listeners.accept(wake);
    }

    @Override
    public void release(NodeIdentity node, Lease lease) {
        announced(connection ->
                update(connection, LeaseStatements.RELEASE, node.session(), lease.resource(), lease.number()));
    }

    @Override
    public void leave(NodeIdentity node) {
        announced(connection -> update(connection, LeaseStatements.RELEASE_ALL, node.session())
                + update(connection, LeaseStatements.LEAVE, node.session()));
    }

    @Override
    public void post(LeaseCommand command) {
        announced(connection -> update(connection, LeaseStatements.POST, command.resource(), command.text()));
    }

    /// Runs statements and announces to the other nodes that they changed rows.
    private void announced(LeaseTask<Integer> task) {
        call(connection -> {
            var rows = task.run(connection);
            if (rows > 0) {
                announce(connection);
            }
            return rows;
        });
    }

    /// Announces a change that is stored already. Without the announcement, others find it at their next renewal.
    private void announce(Connection connection) {
        try {
            var channel = NodeChannel.of(connector);
            if (channel.isPresent()) {
                channel.get().announce(connection, NodeChannel.Topic.LEASES);
            }
        } catch (SQLException e) {
            LOG.debug("Failed to announce a change of leases", e);
            drop();
        }
    }

    /// Reads one row.
    @FunctionalInterface
    private interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    private static <T> List<T> query(Connection connection, String sql, RowMapper<T> mapper, Object... values)
            throws SQLException {
        var found = new ArrayList<T>();
        try (var statement = prepared(connection, sql, values);
                var result = statement.executeQuery()) {
            while (result.next()) {
                found.add(mapper.map(result));
            }
        }
        return found;
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (var statement = prepared(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... values) throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (var i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            drop();
        } finally {
            lock.unlock();
        }
    }
}
