package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.RandomChanges;
import dev.tidemark.store.change.BinaryValueReader;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ChangeCodec;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.sql.StoreThreadPools;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Checks that each encoded change applies: to empty tables, to an existing row, and again.
final class ChangeWriterTest {
    private static final int SAMPLES = 25;

    @TempDir
    Path folder;

    private final StoreThreadPools threads = new StoreThreadPools();
    private JdbcRunner jdbc;

    static List<Class<?>> kinds() {
        return new RandomChanges(0).kinds();
    }

    @BeforeEach
    void open() {
        var index = new StoreIndex(new StoreFiles(folder, "store").index(), threads);
        index.fill(sink -> {});
        jdbc = index.jdbc();
    }

    @AfterEach
    void close() {
        jdbc.close();
        threads.close();
    }

    private void apply(Change... changes) {
        jdbc.write(ChangeWriter.all(List.of(changes)));
    }

    private void clear() {
        jdbc.write(tx -> BareEngine.tables(jdbc).forEach(table -> tx.update("DELETE FROM " + table)));
    }

    private List<String> rows() {
        return BareEngine.rows(jdbc);
    }

    private static Change decoded(Change change) {
        var out = new BinaryValueWriter();
        ChangeCodec.write(out, change);
        return ChangeCodec.read(new BinaryValueReader(out.toBytes()));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void what_encodes_applies_to_empty_tables_and_to_a_row_that_is_there(Class<?> kind) {
        var random = new RandomChanges(kind.getSimpleName().hashCode());
        for (var i = 0; i < SAMPLES; i++) {
            var change = random.of(kind);
            clear();
            apply(change);
            var once = rows();
            apply(change);
            assertThat(rows()).isEqualTo(once);
            // about the same row in a third of the cases
            apply(random.of(kind));
            apply(decoded(change), decoded(change));
            assertThat(rows()).containsAll(once);
        }
    }

    @Test
    void changes_of_all_kinds_leave_the_same_rows_after_the_way_to_binary_and_back() {
        for (var seed = 0; seed < SAMPLES; seed++) {
            var changes = new RandomChanges(seed).some(60).toArray(Change[]::new);
            clear();
            apply(changes);
            var rows = rows();
            clear();
            for (var change : changes) {
                apply(decoded(change), decoded(change));
            }
            assertThat(rows()).isEqualTo(rows);
        }
    }

    @Test
    void a_removal_removes_its_row_and_no_other() {
        var random = new RandomChanges(3);
        var one = new Change.FolderStateRemoved(new MailboxId("mbx_aaaaaaaaaaaaaaaa"), "other");
        for (var i = 0; i < SAMPLES; i++) {
            var state = (Change.FolderStateSaved) random.of(Change.FolderStateSaved.class);
            clear();
            apply(state, one);
            assertThat(rows()).hasSize(1);
            apply(new Change.FolderStateRemoved(state.mailbox(), state.folder()));
            assertThat(rows()).isEmpty();
        }
    }
}
