package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.ResyncStore.FolderState;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.sql.StoreTables;
import dev.tidemark.store.sql.StoreThreadPools;
import dev.tidemark.values.SyncState;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that an index is readable only while it holds all rows.
final class StoreIndexTest {
    private static final MailboxId ADA = new MailboxId("mbx_aaaaaaaaaaaaaaaa");
    private static final String INCOMPLETE =
            "The index of the store failed and is being rebuilt from the log; try again soon.";

    @TempDir
    Path folder;

    private final StoreThreadPools threads = new StoreThreadPools();

    @AfterEach
    void end() {
        threads.close();
    }

    private StoreIndex index() {
        return new StoreIndex(new StoreFiles(folder, "store").index(), threads);
    }

    private static Change state(String name) {
        return new Change.FolderStateSaved(ADA, name, new FolderState(new SyncState("s"), Instant.EPOCH, true));
    }

    @Test
    void is_not_read_before_it_is_filled() {
        try (var index = index()) {
            var states = new StoreTables(index.jdbc()).syncStates();
            for (var round = 0; round < 2; round++) {
                index.fill(sink -> {
                    sink.accept(state("f1"));
                    assertThatThrownBy(() -> states.all(ADA))
                            .isInstanceOf(StoreException.class)
                            .hasMessage(INCOMPLETE);
                    sink.accept(state("f2"));
                });
                assertThat(states.all(ADA)).containsOnlyKeys("f1", "f2");
            }
        }
    }

    @Test
    void is_not_read_after_h2_closed_it() throws SQLException {
        try (var index = index()) {
            index.fill(sink -> sink.accept(state("f1")));
            shutDown();
            var states = new StoreTables(index.jdbc()).syncStates();
            assertThatThrownBy(() -> states.all(ADA))
                    .isInstanceOf(StoreException.class)
                    .hasMessage(INCOMPLETE);
            index.fill(sink -> sink.accept(state("f1")));
            assertThat(states.all(ADA)).containsOnlyKeys("f1");
        }
    }

    @Test
    void is_not_read_if_it_is_begun_again_between_check_and_query() throws SQLException {
        try (var hook = new ConnectHook();
                var index = new StoreIndex(hook.place("begun"), threads)) {
            index.fill(sink -> sink.accept(state("f1")));
            hook.beforeNext(() -> {
                index.jdbc().forget();
                index.jdbc().write(tx -> IndexSchema.statements().forEach(tx::update));
            });
            assertThatThrownBy(() -> new StoreTables(index.jdbc()).syncStates().all(ADA))
                    .isInstanceOf(StoreException.class)
                    .hasMessage(INCOMPLETE);
        }
    }

    @Test
    void is_read_again_if_it_was_filled_again_between_check_and_query() throws SQLException {
        try (var hook = new ConnectHook();
                var index = new StoreIndex(hook.place("filled"), threads)) {
            index.fill(sink -> sink.accept(state("f1")));
            hook.beforeNext(() -> index.fill(sink -> {
                sink.accept(state("f1"));
                sink.accept(state("f2"));
            }));
            assertThat(new StoreTables(index.jdbc()).syncStates().all(ADA)).containsOnlyKeys("f1", "f2");
            assertThat(index.jdbc().isComplete()).isTrue();
        }
    }

    private void shutDown() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:h2:file:" + folder.resolve("store.index"), "sa", "");
                var statement = connection.createStatement()) {
            // writes its rows to the file
            statement.execute("CHECKPOINT SYNC");
            statement.execute("SHUTDOWN IMMEDIATELY");
        }
    }

    @Test
    void a_change_that_cannot_be_applied_fails_the_index_and_nothing_else() {
        try (var index = index()) {
            index.fill(sink -> {});
            index.jdbc().write(tx -> tx.update("DROP TABLE folder_state"));
            index.apply(List.of(state("f1")));
            assertThatThrownBy(() -> index.jdbc().query("SELECT id FROM replay", row -> row.text(1)))
                    .hasMessage(INCOMPLETE);
            index.fill(sink -> sink.accept(state("f1")));
            assertThat(new StoreTables(index.jdbc()).syncStates().all(ADA)).containsOnlyKeys("f1");
        }
    }
}
