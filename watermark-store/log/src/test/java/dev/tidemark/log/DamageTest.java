package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Checks that damage is refused with file and offset, or changes nothing that an owner can read.
final class DamageTest {
    private final SmallStore store = SmallStore.stopped(1);

    @Test
    void a_flipped_bit_is_refused_or_changes_nothing() {
        flipEveryByte(store);
    }

    @Test
    void a_flipped_bit_is_refused_or_changes_nothing_after_a_kill_of_an_idle_process() {
        flipEveryByte(SmallStore.killedWhileIdle(1));
    }

    private static void flipEveryByte(SmallStore store) {
        var random = new Random(1);
        store.files().forEach((name, bytes) -> {
            for (var at = 0; at < bytes.length; at++) {
                var changed = bytes.clone();
                changed[at] ^= (byte) (1 << random.nextInt(8));
                expectRefusalOrAll(store, name, changed);
            }
        });
    }

    @Test
    void a_truncated_file_is_refused_or_changes_nothing() {
        store.files().forEach((name, bytes) -> {
            for (var size = 0; size < bytes.length; size += 64) {
                expectRefusalOrAll(store, name, Arrays.copyOf(bytes, size));
            }
        });
    }

    @Test
    void a_file_of_zeros_is_refused_or_changes_nothing() {
        store.files().forEach((name, bytes) -> expectRefusalOrAll(store, name, new byte[bytes.length]));
    }

    @Test
    void a_missing_file_is_refused_or_changes_nothing() {
        for (var name : store.files().keySet()) {
            var disk = store.disk();
            disk.lose(name);
            expectRefusalOrAll(store, disk);
        }
    }

    @Test
    void segments_missing_at_the_end_are_noticed_after_a_stop() {
        var segments = store.files().keySet().stream()
                .filter(name -> name.startsWith("segment-"))
                .toList();
        for (var count = 1; count <= segments.size(); count++) {
            var disk = store.disk();
            var lost = segments.subList(segments.size() - count, segments.size());
            lost.forEach(disk::lose);
            disk.list().stream().filter(name -> name.startsWith("snapshot-")).forEach(disk::lose);
            assertThatThrownBy(() -> SmallStore.open(disk))
                    .as("without %s", lost)
                    .isInstanceOf(LogDamagedException.class)
                    .hasMessageContaining("missing")
                    .hasMessageEndingWith("; restore the store from a backup.");
        }
    }

    @Test
    void the_first_segment_missing_at_the_end_is_named() {
        var disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
        try (var log = SmallStore.open(disk)) {
            SmallStore.fill(log, disk.random, 20);
        }
        var segments = disk.list().stream()
                .filter(name -> name.startsWith("segment-"))
                .sorted()
                .toList();
        var lost = segments.subList(segments.size() - 2, segments.size());
        lost.forEach(disk::lose);
        assertThatThrownBy(() -> SmallStore.open(disk))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining(lost.getFirst() + ", or the end of this file, is missing");
    }

    @Test
    void a_log_that_grew_after_a_stop_and_was_killed_is_opened() {
        var disk = store.disk();
        var log = SmallStore.open(disk);
        SmallStore.fill(log, disk.random, 30);
        var expected = SmallStore.contents(log);
        disk.kill();
        try (var again = SmallStore.open(disk)) {
            assertThat(SmallStore.contents(again)).isEqualTo(expected);
        }
        assertThat(disk.list().stream().filter(name -> name.startsWith("stopped-")))
                .hasSize(1);
    }

    @Test
    void a_segment_missing_in_the_middle_is_named() {
        var disk = store.disk();
        var segments = store.files().keySet().stream()
                .filter(name -> name.startsWith("segment-"))
                .toList();
        disk.lose(segments.get(1));
        assertThatThrownBy(() -> SmallStore.open(disk))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining(segments.get(1) + " before it is missing");
    }

    @Test
    void a_log_that_ends_before_an_intact_snapshot_is_refused() {
        var disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
        var log = SmallStore.open(disk);
        SmallStore.fill(log, disk.random, 20);
        SmallStore.cover(log);
        disk.kill();
        var newest = disk.list().stream()
                .filter(name -> name.startsWith("segment-"))
                .max(String::compareTo)
                .orElseThrow();
        disk.lose(newest);
        assertThatThrownBy(() -> SmallStore.open(disk))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("ends before record");
        assertThat(disk.list()).noneMatch(name -> name.startsWith("damaged-"));
    }

    @Test
    void a_segment_of_another_store_is_refused() {
        var other = SmallStore.stopped(2);
        for (var name : store.files().keySet()) {
            if (other.files().containsKey(name) && name.startsWith("segment-")) {
                var disk = store.disk();
                disk.put(name, other.files().get(name));
                assertThatThrownBy(() -> SmallStore.open(disk)).isInstanceOf(LogDamagedException.class);
            }
        }
    }

    @Test
    void a_segment_of_another_branch_of_the_store_is_refused() {
        var one = store.disk();
        var other = store.disk();
        for (var disk : new SimulatedDisk[] {one, other}) {
            try (var log = SmallStore.open(disk)) {
                SmallStore.fill(log, disk.random, 20);
            }
        }
        var names = one.list().stream()
                .filter(name -> name.startsWith("segment-") && !store.files().containsKey(name))
                .sorted()
                .toList();
        assertThat(names).hasSizeGreaterThan(3);
        one.put(names.get(1), bytes(other, names.get(1)));
        assertThatThrownBy(() -> SmallStore.open(one))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("does not continue");
    }

    @Test
    void damage_to_the_newest_record_counts_as_a_torn_write_until_the_log_is_sealed() {
        for (var isSealed : new boolean[] {false, true}) {
            var disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
            var log = SmallStore.open(disk);
            log.append(1, 1, 0, new byte[] {1});
            log.append(2, 1, 0, new byte[] {2});
            if (isSealed) {
                log.sealIfIdle();
            }
            disk.kill();
            var name = "segment-00000000000000000002";
            var bytes = bytes(disk, name);
            bytes[1024 + RecordHeader.SIZE] ^= 1;
            disk.put(name, bytes);
            if (isSealed) {
                assertThatThrownBy(() -> SmallStore.open(disk))
                        .isInstanceOf(LogDamagedException.class)
                        .hasMessageContaining("offset 1024");
            } else {
                assertThat(SmallStore.open(disk).newestPosition()).isEqualTo(1);
            }
        }
    }

    @Test
    void a_read_that_finds_damage_names_file_and_offset() {
        var disk = store.disk();
        var log = SmallStore.open(disk);
        var name =
                LogFileLayout.name(LogFileLayout.SEGMENT, log.segments().get(1).firstLsn());
        var bytes = bytes(disk, name);
        bytes[512 + RecordHeader.SIZE] ^= 1;
        disk.put(name, bytes);
        assertThatThrownBy(() -> LogWorkload.records(log, 1))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("/store/" + name + " is damaged at offset 512");
        assertThatThrownBy(log::oldest).isInstanceOf(LogDamagedException.class);
    }

    @Test
    void a_start_uses_the_previous_snapshot_if_the_newest_is_damaged_and_the_log_after_it_is_kept() {
        var snapshots = store.files().keySet().stream()
                .filter(name -> name.startsWith("snapshot-"))
                .toList();
        var disk = store.disk();
        disk.put(snapshots.getLast(), new byte[1000]);
        try (var log = SmallStore.open(disk)) {
            assertThat(log.snapshots().usable())
                    .hasValue(LogFileLayout.lsn(snapshots.getFirst(), LogFileLayout.SNAPSHOT));
            assertThat(log.snapshots().lsns()).hasSize(1);
        }
        disk.put(snapshots.getLast(), new byte[1000]);
        disk.put(snapshots.getFirst(), new byte[1000]);
        assertThatThrownBy(() -> SmallStore.open(disk))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining(snapshots.getLast() + " is damaged at offset 0");
    }

    @Test
    void a_snapshot_that_is_removed_while_the_log_is_open_gives_way_to_the_previous_one() {
        var disk = store.disk();
        try (var log = SmallStore.open(disk)) {
            var lsns = log.snapshots().lsns();
            assertThat(log.snapshot()).hasValue(lsns.getLast());
            disk.lose(LogFileLayout.name(LogFileLayout.SNAPSHOT, lsns.getLast()));
            assertThat(log.snapshot()).hasValue(lsns.getFirst());
            disk.lose(LogFileLayout.name(LogFileLayout.SNAPSHOT, lsns.getFirst()));
            assertThatThrownBy(log::snapshot)
                    .isInstanceOf(LogDamagedException.class)
                    .hasMessageContaining("the snapshot that replaces it, is missing");
        }
    }

    private static void expectRefusalOrAll(SmallStore store, String name, byte[] changed) {
        var disk = store.disk();
        disk.put(name, changed);
        expectRefusalOrAll(store, disk);
    }

    private static void expectRefusalOrAll(SmallStore store, SimulatedDisk disk) {
        try {
            assertThat(SmallStore.contents(SmallStore.open(disk))).isEqualTo(store.records());
        } catch (LogDamagedException e) {
            assertThat(e.getMessage()).startsWith(e.file() + " is damaged at offset " + e.offset() + ": ");
        }
    }

    static byte[] bytes(SimulatedDisk disk, String name) {
        try {
            return disk.file(name).bytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
