package dev.tidemark.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/// Stopped store of a few small files: segments, one of them compacted, and two snapshots.
final class SmallStore {
    static final LogConfig CONFIG = new LogConfig(2 << 10, 512, Duration.ofDays(1), Long.MAX_VALUE, 0);

    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private final List<String> records;

    private SmallStore(SimulatedDisk disk, List<String> records) {
        this.records = records;
        for (var name : disk.list()) {
            try {
                files.put(name, disk.file(name).bytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static SmallStore stopped(long seed) {
        var disk = new SimulatedDisk(new Random(seed), SimulatedDisk.Lie.NONE);
        List<String> records;
        try (var log = filled(disk)) {
            records = contents(log);
        }
        return new SmallStore(disk, records);
    }

    /// Returns a store whose process was killed after the idle log was sealed.
    static SmallStore killedWhileIdle(long seed) {
        var disk = new SimulatedDisk(new Random(seed), SimulatedDisk.Lie.NONE);
        var log = filled(disk);
        log.sealIfIdle();
        return new SmallStore(disk, contents(log));
    }

    private static SegmentedLog filled(SimulatedDisk disk) {
        var log = open(disk);
        fill(log, disk.random, 6);
        snapshot(log);
        fill(log, disk.random, 4);
        snapshot(log);
        fill(log, disk.random, 4);
        log.compact(
                log.segments().get(1).firstLsn(),
                record -> record.lsn() % 2 == 0 ? Optional.empty() : Optional.of(record.payload()));
        return log;
    }

    static SegmentedLog open(SimulatedDisk disk) {
        return SegmentedLog.open(disk, CONFIG, () -> Instant.EPOCH);
    }

    static void fill(SegmentedLog log, Random random, int count) {
        for (var i = 0; i < count; i++) {
            var payload = new byte[random.nextInt(1, 600)];
            random.nextBytes(payload);
            log.append(log.newestPosition() + 2, 1 + random.nextInt(2), i, payload);
        }
    }

    /// Writes two snapshots, so that the log before the first one can be removed.
    static void cover(SegmentedLog log) {
        snapshot(log);
        log.append(log.newestPosition(), 0, 0, new byte[] {1});
        snapshot(log);
    }

    private static void snapshot(SegmentedLog log) {
        try (var writer = log.snapshots().write(log.newestLsn(), log.newestPosition(), 0)) {
            for (var record : LogWorkload.records(log, 1)) {
                writer.write(Arrays.copyOf(record.payload(), 20));
            }
            writer.complete();
        }
    }

    /// Returns all records that an owner can read.
    static List<String> contents(SegmentedLog log) {
        return LogWorkload.records(log, 1).stream()
                .filter(record -> record.payload().length > 0)
                .map(record -> record.lsn() + " " + record.position() + " " + record.events() + " "
                        + Arrays.hashCode(record.payload()))
                .toList();
    }

    Map<String, byte[]> files() {
        return files;
    }

    List<String> records() {
        return records;
    }

    /// Returns a disk with the files of the store. Tests share them and must not change them in place.
    SimulatedDisk disk() {
        var disk = new SimulatedDisk(new Random(0), SimulatedDisk.Lie.NONE);
        files.forEach(disk::put);
        return disk;
    }
}
