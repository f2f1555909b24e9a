package dev.tidemark.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
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
        var begun = new AtomicReference<H2Snapshot>();
        jdbc.writeUnforced(
                tx -> insert(tx, number), () -> begun.set(jdbc.beginSnapshot().orElseThrow()));
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
