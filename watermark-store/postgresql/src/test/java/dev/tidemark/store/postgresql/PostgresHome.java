package dev.tidemark.store.postgresql;

import dev.tidemark.contract.StoreHome;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.rules.RuleStore;
import dev.tidemark.testpostgres.PostgresTestServer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/// Stores in one schema of a server, without periodic work.
final class PostgresHome implements StoreHome {
    private final String url;
    private final SchemaPreparation tables;

    /// Stores on the shared server.
    PostgresHome() {
        this(PostgresTestServer.newStore());
    }

    PostgresHome(String url) {
        this(url, SchemaMigration::run);
    }

    PostgresHome(String url, SchemaPreparation tables) {
        this.url = url;
        this.tables = tables;
    }

    String url() {
        return url;
    }

    StoreConfig config() {
        return config("gw1", true);
    }

    StoreConfig config(String instance, boolean configured) {
        return new StoreConfig(url, "", "", instance, configured, 0, Duration.ofMinutes(15), 3, List.of());
    }

    @Override
    public PostgresStore open(Clock clock) {
        return open(clock, Duration.ofDays(1));
    }

    PostgresStore open(Clock clock, Duration foldEvery) {
        var rules =
                new RuleStore.Dependencies(clock, new SecureRandom(), new FolderNameCache(), UnaryOperator.identity());
        return PostgresStore.open(config(), new PostgresStore.Dependencies(rules, tables, foldEvery));
    }

    @Override
    public void cut(WatermarkStore store) {
        ((PostgresStore) store).abandon();
    }
}
