package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.transfer.CopyableStore;
import dev.tidemark.testsupport.SettableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that a seal key keeps the token key out of the files, and that the store opens with the right key only.
final class SealedStoreTest {
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final String OTHER = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private EmbeddedHome home;

    @BeforeEach
    void begin() {
        home = new EmbeddedHome(folder);
    }

    private CopyableStore open(String... keys) {
        return StoreFactory.open(home.config().withSealKeys(List.of(keys)), clock);
    }

    /// Fills a store, with a snapshot and a backup, and returns its token key.
    private String fill(String... keys) {
        try (var store = open(keys)) {
            home.receive(store, home.mailbox(store), clock.instant());
            ((EmbeddedStore) store).snapshot();
            home.receive(store, home.mailbox(store), clock.instant());
            try (var source = store.openSource()) {
                StoreBackup.create(source, "gw1", folder.resolve("backup"), 0, clock, rows -> {});
            }
            return store.instance().tokenKey();
        }
    }

    /// Returns the files below the folder whose bytes contain a text.
    private List<String> filesWith(String text) throws IOException {
        var found = new ArrayList<String>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                // one character per byte
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text)) {
                    found.add(folder.relativize(file).toString());
                }
            }
        }
        return found;
    }

    @Test
    void without_a_seal_key_log_snapshot_and_backup_show_the_token_key() throws IOException {
        assertThat(filesWith(fill()))
                .anyMatch(file -> file.startsWith("store0.store"))
                .anyMatch(file -> file.startsWith("backup"));
    }

    @Test
    void with_a_seal_key_no_file_shows_the_token_key() throws IOException {
        var tokenKey = fill(KEY);
        assertThat(filesWith(tokenKey)).isEmpty();
        assertThat(filesWith("sealed:1:"))
                .anyMatch(file -> file.startsWith("store0.store"))
                .anyMatch(file -> file.startsWith("backup"));
        try (var store = open(KEY)) {
            assertThat(store.instance().tokenKey()).isEqualTo(tokenKey);
        }
        assertThat(filesWith(tokenKey)).isEmpty();
    }

    @Test
    void another_key_and_no_key_are_refused_in_one_sentence_and_change_nothing() {
        var tokenKey = fill(KEY);
        assertThatThrownBy(() -> open(OTHER))
                .isInstanceOf(StoreException.class)
                .hasMessage(
                        "No key in store.seal-key opens the store's token key; add the key that sealed the store, or"
                                + " set a different store.url.");
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessage("The store's token key is sealed, and there is no store.seal-key; set it to the key that"
                        + " sealed the store.");
        try (var store = open(KEY)) {
            assertThat(store.instance().tokenKey()).isEqualTo(tokenKey);
        }
    }

    @Test
    void a_list_of_keys_replaces_the_old_one_at_the_next_start() {
        var tokenKey = fill(KEY);
        open(OTHER, KEY).close();
        try (var store = open(OTHER)) {
            assertThat(store.instance().tokenKey()).isEqualTo(tokenKey);
        }
        assertThatThrownBy(() -> open(KEY)).isInstanceOf(StoreException.class);
    }

    @Test
    void a_store_from_before_is_sealed_at_the_next_start() {
        var tokenKey = fill();
        open(KEY).close();
        assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessageContaining("is sealed");
        try (var store = open(KEY)) {
            assertThat(store.instance().tokenKey()).isEqualTo(tokenKey);
        }
    }

    @Test
    void a_start_that_is_cut_off_leaves_a_store_that_opens() {
        var tokenKey = fill();
        home.cut(open(KEY));
        try (var store = open(KEY)) {
            assertThat(store.instance().tokenKey()).isEqualTo(tokenKey);
        }
    }

    @Test
    void a_backup_is_restored_with_its_seal_key_only() throws IOException {
        var tokenKey = fill(KEY);
        var restored = "jdbc:h2:file:" + folder.resolve("restored");
        assertThatThrownBy(() -> restore(restored, OTHER))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("No key in store.seal-key");
        assertThat(folder.resolve("restored.store")).doesNotExist();
        restore(restored, KEY);
        var config = home.config().withUrl(restored).withSealKeys(List.of(KEY));
        try (var store = StoreFactory.open(config, clock)) {
            assertThat(store.instance().tokenKey()).isEqualTo(tokenKey);
        }
        assertThat(filesWith(tokenKey)).isEmpty();
    }

    private void restore(String url, String key) {
        var backup = StoreBackup.find(folder.resolve("backup"));
        try (var source = backup.open(clock)) {
            StoreFactory.restore(
                    source,
                    backup.restorePoint(clock),
                    home.config().withUrl(url).withSealKeys(List.of(key)),
                    clock,
                    rows -> {});
        }
    }
}
