package dev.tidemark.store.postgresql;

import dev.tidemark.contract.StoreHome;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreConfig.NodeConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.rules.RuleStore;
import dev.tidemark.testpostgres.PostgresTestServer;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Stores in one schema of a server, without periodic work.
final class PostgresHome implements StoreHome {
    private static final Duration NEVER = Duration.ofDays(1);

    private final String url;
    private final SchemaPreparation tables;
    private final Optional<NodeConfig> node;

    /// Stores on the shared server.
    PostgresHome() {
        this(PostgresTestServer.newStore());
    }

    PostgresHome(String url) {
        this(url, SchemaMigration::run);
    }

    PostgresHome(String url, SchemaPreparation tables) {
        this(url, tables, Optional.empty());
    }

    private PostgresHome(String url, SchemaPreparation tables, Optional<NodeConfig> node) {
        this.url = url;
        this.tables = tables;
        this.node = node;
    }

    /// Returns the same place for a node, which waits longer than a machine may stand still.
    PostgresHome node(String name) {
        return node(name, Duration.ofMinutes(1));
    }

    PostgresHome node(String name, Duration maxHold) {
        return new PostgresHome(url, tables, Optional.of(new NodeConfig(name, maxHold, 1)));
    }

    /// Returns the same place for a node with this number of partitions of sinks.
    PostgresHome partitioned(String name, int sinkPartitions) {
        return new PostgresHome(url, tables, Optional.of(new NodeConfig(name, Duration.ofMinutes(1), sinkPartitions)));
    }

    String url() {
        return url;
    }

    StoreConfig config() {
        return config("gw1", true);
    }

    StoreConfig config(String instance, boolean configured) {
        var alone = new StoreConfig(url, "", "", instance, configured, 0, Duration.ofMinutes(15), 3);
        return node.map(alone::withNode).orElse(alone);
    }

    @Override
    public PostgresStore open(Clock clock) {
        return open(clock, NEVER);
    }

    PostgresStore open(Clock clock, Duration foldEvery) {
        return open(clock, UnaryOperator.identity(), foldEvery, NEVER, false);
    }

    /// Opens a store with the tail of a node.
    PostgresStore openFollowing(Clock clock) {
        return open(clock, UnaryOperator.identity(), NEVER, Duration.ofMillis(50), false);
    }

    /// Opens a store of a node that other nodes wake, and that does not poll.
    PostgresStore openListening(Clock clock) {
        return open(clock, UnaryOperator.identity(), NEVER, NEVER, true);
    }

    /// @param connectionOf called by rules during a commit
    PostgresStore open(Clock clock, UnaryOperator<String> connectionOf) {
        return open(clock, connectionOf, NEVER, NEVER, false);
    }

    private PostgresStore open(
            Clock clock,
            UnaryOperator<String> connectionOf,
            Duration foldEvery,
            Duration pollEvery,
            boolean announces) {
        var rules = new RuleStore.Dependencies(clock, new SecureRandom(), new FolderNameCache(), connectionOf);
        return PostgresStore.open(
                config(), new PostgresStore.Dependencies(rules, tables, foldEvery, pollEvery, announces));
    }

    /// Returns whether no session has the lock of the schema.
    boolean isUnused() {
        var connector = new PostgresConnector(config());
        try (var connection = connector.connect();
                var statement = connection.prepareStatement(
                        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = ?::bigint::oid")) {
            statement.setLong(1, Integer.toUnsignedLong(connector.schema().hashCode()));
            try (var result = statement.executeQuery()) {
                return !result.next();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Returns the times since which sessions wait for the lock of the schema.
    List<String> lockWaits() {
        var connector = new PostgresConnector(config());
        try (var connection = connector.connect();
                var statement = connection.prepareStatement("SELECT waitstart::text FROM pg_locks"
                        + " WHERE locktype = 'advisory' AND objid = ?::bigint::oid AND waitstart IS NOT NULL")) {
            statement.setLong(1, Integer.toUnsignedLong(connector.schema().hashCode()));
            var found = new ArrayList<String>();
            try (var result = statement.executeQuery()) {
                while (result.next()) {
                    found.add(result.getString(1));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void cut(WatermarkStore store) {
        ((PostgresStore) store).abandon();
    }
}
