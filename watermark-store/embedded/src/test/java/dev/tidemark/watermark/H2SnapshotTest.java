package dev.tidemark.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// H2 writes on threads of its own: nothing lasts before they are through, and nothing does if they failed.
final class H2SnapshotTest {
    private final BrittleDisk disk = new BrittleDisk();
    private JdbcRunner jdbc;

    @BeforeEach
    void open() {
        SealedFile.register();
        jdbc = open(disk);
        jdbc.write(tx -> tx.update("CREATE TABLE t (n BIGINT PRIMARY KEY)"));
    }

    @AfterEach
    void close() {
        disk.let();
        disk.fill(false);
        jdbc.close();
    }

    private static JdbcRunner open(BrittleDisk disk) {
        return new JdbcRunner(disk.url(), "sa", "", Forcing.Effort.FORCE);
    }

    private static void insert(JdbcRunner.Tx tx, long number) {
        tx.update("MERGE INTO t KEY (n) VALUES (?)", number);
    }

    private H2Snapshot insertAndBegin(long number) {
        return begin(tx -> insert(tx, number)).orElseThrow();
    }

    private Optional<H2Snapshot> comeAndGoAndBegin() {
        return begin(tx -> {
            tx.update("INSERT INTO none (n) VALUES (1)");
            tx.update("DELETE FROM none");
        });
    }

    private Optional<H2Snapshot> begin(Consumer<JdbcRunner.Tx> work) {
        var begun = new AtomicReference<Optional<H2Snapshot>>(Optional.empty());
        jdbc.writeUnforced(work, () -> begun.set(jdbc.beginSnapshot()));
        return begun.get();
    }

    private List<Long> rowsAfterPowerCut() {
        try (var again = open(disk.afterPowerCut(BrittleDisk.Kept.NONE, new Random(1)))) {
            return again.query("SELECT n FROM t ORDER BY n", row -> row.number(1));
        }
    }

    @Test
    void a_snapshot_that_is_complete_outlives_a_power_cut() {
        jdbc.completeSnapshot(insertAndBegin(1));
        assertThat(rowsAfterPowerCut()).containsExactly(1L);
    }

    /// H2 counts a version and writes no chunk where none of its pages has changed. That happens only while the one
    /// before is still being written, for else it has that to note; so this tries until it has happened.
    @Test
    void a_snapshot_in_which_nothing_had_to_be_written_is_complete() {
        jdbc.write(tx -> tx.update("CREATE TABLE none (n BIGINT PRIMARY KEY)"));
        await().until(this::isCompleteAndNothingWasWritten);
        assertThat(rowsAfterPowerCut()).containsExactly(1L);
    }

    private boolean isCompleteAndNothingWasWritten() {
        disk.hold();
        jdbc.writeUnforced(tx -> insert(tx, 1), jdbc::beginSnapshot);
        await().until(disk::holdsOne);
        // the first ones note what became of the chunks before
        IntStream.range(0, 8).forEach(ignored -> comeAndGoAndBegin());
        var begun = comeAndGoAndBegin();
        disk.let();
        begun.ifPresent(jdbc::completeSnapshot);
        return begun.filter(it -> it.store().getFileStore().lastChunkVersion() < it.version())
                .isPresent();
    }

    @Test
    void a_snapshot_that_found_no_room_is_not_complete() {
        disk.hold();
        var begun = insertAndBegin(1);
        disk.fill(true);
        disk.let();
        assertThatThrownBy(() -> jdbc.completeSnapshot(begun)).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> jdbc.completeSnapshot(begun)).isInstanceOf(StoreException.class);
    }

    @Test
    void it_is_not_complete_either_when_there_is_room_again() {
        disk.hold();
        var begun = insertAndBegin(1);
        disk.fill(true);
        disk.let();
        assertThatThrownBy(() -> jdbc.write(tx -> {})).isInstanceOf(StoreException.class);
        disk.fill(false);
        await().ignoreExceptionsInstanceOf(StoreException.class).until(() -> {
            jdbc.write(tx -> insert(tx, 2));
            return true;
        });
        assertThatThrownBy(() -> jdbc.completeSnapshot(begun)).isInstanceOf(StoreException.class);
    }

    @Test
    void what_could_not_be_forced_is_not_complete_because_a_later_force_goes_well() {
        disk.hold();
        var begun = insertAndBegin(1);
        // forces what is written before it
        var next = insertAndBegin(2);
        disk.failForces(true);
        disk.let();
        assertThatThrownBy(() -> jdbc.completeSnapshot(next)).isInstanceOf(StoreException.class);
        disk.failForces(false);
        assertThatThrownBy(() -> jdbc.completeSnapshot(begun)).isInstanceOf(StoreException.class);
    }
}
