package dev.tidemark.benchmarks.server;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.postgresql.PostgresStoreFactory;
import dev.tidemark.store.transfer.StoreCopy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.UnaryOperator;

/// Opens the stores of a benchmark, embedded and on PostgreSQL.
public final class BenchmarkStores {
    private BenchmarkStores() {}

    /// Returns the settings of the embedded store in a folder.
    public static StoreConfig embedded(Path folder) {
        return config("jdbc:h2:file:" + folder.toAbsolutePath().resolve("tidemark"), "sa");
    }

    /// Returns the settings of a store on PostgreSQL.
    ///
    /// @param url with user and password
    static StoreConfig onPostgres(String url) {
        return config(url, "");
    }

    private static StoreConfig config(String url, String user) {
        return new StoreConfig(url, user, "", "bench", true, 0, Duration.ofMinutes(15));
    }

    static WatermarkStore open(StoreConfig config, Clock clock) {
        return PostgresStoreFactory.accepts(config.url())
                ? PostgresStoreFactory.open(config, new FolderNameCache(), UnaryOperator.identity(), clock)
                : StoreFactory.open(config, clock);
    }

    /// Copies the embedded store in `folder` to PostgreSQL.
    static void copyToPostgres(Path folder, StoreConfig target, Clock clock) {
        try (var source = StoreFactory.openSource(embedded(folder), clock);
                var copy = PostgresStoreFactory.openTarget(target, clock)) {
            StoreCopy.copy(source, copy, rows -> {});
        }
    }
}
