package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.transfer.StoreCopy;
import dev.tidemark.testsupport.SettableClock;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that a seal key keeps the token key out of the tables, also of a copied store.
final class SealedTablesTest {
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final String OTHER = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

    @TempDir
    private Path folder;

    private final PostgresHome home = new PostgresHome();
    private final SettableClock clock = new SettableClock();

    private WatermarkStore open(String... keys) {
        var config = home.config().withSealKeys(List.of(keys));
        return PostgresStoreFactory.open(config, new FolderNameCache(), UnaryOperator.identity(), clock);
    }

    private String stored() throws SQLException {
        try (var connection = DriverManager.getConnection(home.url());
                var statement = connection.createStatement();
                var result = statement.executeQuery("SELECT token_key FROM store_instance")) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }

    @Test
    void the_row_is_sealed_from_the_first_start_or_from_the_next_one_on() throws SQLException {
        String tokenKey;
        try (var store = open()) {
            tokenKey = store.instance().tokenKey();
        }
        assertThat(stored()).isEqualTo(tokenKey);
        try (var store = open(KEY)) {
            assertThat(store.instance().tokenKey()).isEqualTo(tokenKey);
            assertThat(stored()).startsWith("sealed:1:").doesNotContain(tokenKey);
        }
        assertThat(stored()).startsWith("sealed:1:");
        assertThatThrownBy(() -> open(OTHER))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("No key in store.seal-key opens");
        open(OTHER, KEY).close();
        try (var store = open(OTHER)) {
            assertThat(store.instance().tokenKey()).isEqualTo(tokenKey);
        }
    }

    @Test
    void a_copied_store_stays_sealed() throws SQLException {
        var files = new StoreConfig(
                        "jdbc:h2:file:" + folder.resolve("tidemark"),
                        "",
                        "",
                        "gw1",
                        true,
                        0,
                        home.config().resyncMargin())
                .withSealKeys(List.of(KEY));
        String tokenKey;
        try (var store = StoreFactory.open(files, clock)) {
            tokenKey = store.instance().tokenKey();
        }
        try (var source = StoreFactory.openSource(files, clock);
                var target = PostgresStoreFactory.openTarget(home.config(), clock)) {
            StoreCopy.copy(source, target, rows -> {});
        }
        assertThat(stored()).startsWith("sealed:1:");
        assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessageContaining("is sealed");
        try (var store = open(KEY)) {
            assertThat(store.instance().tokenKey()).isEqualTo(tokenKey);
        }
    }
}
