package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.RandomChanges;
import dev.tidemark.log.SimulatedDisk;
import dev.tidemark.store.ResyncStore.FolderState;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.SyncState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks that a start from a snapshot finds the same store as a start that reads the whole log.
final class StoreSnapshotsTest {
    private static final MailboxId ADA = new MailboxId("mbx_aaaaaaaaaaaaaaaa");

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final SimulatedDisk plain = disk();
    private final SimulatedDisk disk = disk();

    private static SimulatedDisk disk() {
        return new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
    }

    /// Returns changes of all kinds, without regard to the rules.
    private static List<Change> indexed(RandomChanges random, int count) {
        return random.some(count).stream().filter(ChangeWriter::isIndexed).toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void after_random_changes_snapshots_leave_the_same_state(long seed) {
        var changes = new RandomChanges(seed);
        var all = new ArrayList<List<Change>>();
        for (var round = 0; round < 6; round++) {
            try (var engine = BareEngine.open(disk, folder, clock)) {
                for (var unit = 0; unit < 3; unit++) {
                    all.add(indexed(changes, 8));
                    engine.change(all.getLast());
                    if (unit < 2 && (seed + round) % 3 != 0) {
                        engine.snapshot();
                    }
                }
            }
        }
        try (var engine = BareEngine.open(plain, folder, clock)) {
            all.forEach(engine::change);
        }
        assertSame();
    }

    private void assertSame() {
        List<String> expected;
        try (var engine = BareEngine.open(plain, folder, clock)) {
            expected = engine.dump();
        }
        try (var engine = BareEngine.open(disk, folder, clock)) {
            var found = engine.dump();
            assertThat(minus(found, expected)).isEmpty();
            assertThat(minus(expected, found)).isEmpty();
            assertThat(found).hasSameSizeAs(expected);
        }
    }

    private static List<String> minus(List<String> some, List<String> others) {
        var known = Set.copyOf(others);
        return some.stream().filter(it -> !known.contains(it)).toList();
    }

    /// @param parts changes before each snapshot
    private void assertMerged(List<List<Change>> parts) {
        try (var engine = BareEngine.open(plain, folder, clock)) {
            parts.forEach(engine::change);
        }
        try (var engine = BareEngine.open(disk, folder, clock)) {
            for (var part : parts) {
                engine.change(part);
                engine.snapshot();
            }
        }
        assertSame();
    }

    private static Change detail(long position) {
        return new Change.DetailSaved(new JournalPosition(position), new ItemDetail.NotFound());
    }

    @Test
    void details_that_were_pruned_since_the_last_snapshot_stay_away() {
        assertMerged(List.of(
                List.of(detail(1), detail(2), detail(3)),
                List.of(detail(4), new Change.DetailsPruned(2), detail(2)),
                List.of(new Change.DetailsPruned(3), detail(5))));
    }

    @Test
    void a_span_that_was_closed_and_pruned_since_the_last_snapshot_is_not_open_again() {
        var from = new JournalPosition(1);
        assertMerged(List.of(
                List.of(new Change.DetailSpanSaved("inboxes", from, Optional.empty())),
                List.of(
                        new Change.DetailSpanSaved("inboxes", from, Optional.of(new JournalPosition(2))),
                        new Change.DetailsPruned(2)),
                List.of(detail(3))));
    }

    @Test
    void rows_that_were_removed_since_the_last_snapshot_stay_away() {
        assertMerged(List.of(
                List.of(state("f1", 10), state("f2", 10)),
                List.of(new Change.FolderStateRemoved(ADA, "f1"), state("f3", 10)),
                List.of(state("f1", 20), new Change.FolderStateRemoved(ADA, "f3"))));
    }

    @Test
    void a_snapshot_that_was_removed_gives_way_to_the_one_before_it() {
        var parts = List.of(List.of(state("f1", 10)), List.of(state("f2", 10)), List.of(state("f3", 10)));
        try (var engine = BareEngine.open(plain, folder, clock)) {
            parts.forEach(engine::change);
        }
        try (var engine = BareEngine.open(disk, folder, clock)) {
            for (var part : parts) {
                engine.change(part);
                engine.snapshot();
                loseNewestSnapshot();
            }
        }
        assertSame();
    }

    private void loseNewestSnapshot() {
        disk.list().stream()
                .filter(name -> name.startsWith("snapshot-"))
                .sorted()
                .skip(1)
                .forEach(disk::lose);
    }

    private Change state(String folderName, int length) {
        return new Change.FolderStateSaved(
                ADA, folderName, new FolderState(new SyncState("s".repeat(length)), clock.instant(), true));
    }

    @Test
    void states_of_folders_may_be_long_and_many() {
        var many = LongStream.range(0, 100)
                .mapToObj(number -> state("f" + number, 20_000))
                .toList();
        assertMerged(List.of(many, List.of(state("huge", 2_000_000)), List.of(state("f7", 1))));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 0", "3, 0", "4, 3", "5, 3", "6, 3", "7, 20"})
    void the_same_work_leaves_the_same_store_with_and_without_snapshots(long seed, int stepsMeanwhile) {
        var first = new Work(disk, seed, stepsMeanwhile, true).run();
        assertThat(new Work(plain, seed, stepsMeanwhile, false).run()).isEqualTo(first);
        assertSame();
    }

    /// Work that runs while snapshots are written, or instead of them.
    private final class Work {
        private final SimulatedDisk on;
        private final long seed;
        private final int stepsMeanwhile;
        private final boolean snapshots;
        private final SettableClock moving = new SettableClock();
        private final PowerWorkload work;
        private boolean isBusy;

        Work(SimulatedDisk on, long seed, int stepsMeanwhile, boolean snapshots) {
            this.on = on;
            this.seed = seed;
            this.stepsMeanwhile = stepsMeanwhile;
            this.snapshots = snapshots;
            this.work = new PowerWorkload(new Random(seed), moving, this::snapshot);
        }

        /// Returns the events that are readable at the end.
        List<JournalEvent> run() {
            var home = new SimulatedHome(folder, SimulatedHome.SMALL, on);
            for (var round = 0; round < 3; round++) {
                var surroundings = new EmbeddedStore.Dependencies(moving, new Random(seed), Duration.ofDays(1));
                try (var store = home.open(surroundings, new WatchedDisk(on, this::goOn))) {
                    work.on(store);
                    work.enrol();
                    work.subscribeAll();
                    IntStream.range(0, 120).forEach(step -> work.step());
                }
            }
            try (var store = home.open(moving)) {
                return store.journal().read(JournalPosition.START, Integer.MAX_VALUE);
            }
        }

        private void snapshot(EmbeddedStore store) {
            if (!isBusy) {
                isBusy = true;
                if (snapshots) {
                    store.snapshot();
                } else {
                    goOn();
                    goOn();
                }
                isBusy = false;
            }
        }

        private void goOn() {
            IntStream.range(0, stepsMeanwhile).forEach(step -> work.step());
        }
    }
}
