package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Random use of a log on a [SimulatedDisk], compared with a plain list of the acknowledged records. After every
/// start the log must hold the records of the list, and at most one newer record that was not acknowledged.
final class LogWorkload {
    static final LogConfig CONFIG = new LogConfig(8 << 10, 2 << 10, Duration.ofHours(1), 20 << 10, 2);

    private final Random random;
    private final TreeMap<Long, LogRecord> acknowledged = new TreeMap<>();
    private final Map<Long, List<Long>> snapshots = new HashMap<>();
    private final Set<Long> compacted = new HashSet<>();
    private SimulatedDisk disk;
    private Instant now = Instant.EPOCH;
    private @Nullable LogRecord doubtful;
    private long removable;
    private long newestSnapshot;
    private long position;

    LogWorkload(long seed, SimulatedDisk.Lie lie) {
        random = new Random(seed);
        disk = new SimulatedDisk(random, lie);
    }

    void run(int starts) {
        for (var i = 0; i < starts; i++) {
            if (random.nextInt(3) == 0) {
                disk.cutAfter(random.nextInt(12)); // during the start
            }
            try {
                var opened = SegmentedLog.open(disk, CONFIG, () -> now);
                check(opened);
                disk.cutAfter(random.nextInt(3) == 0 ? Integer.MAX_VALUE : random.nextInt(150));
                use(opened);
                end(opened);
            } catch (SimulatedDisk.PowerCut _) {
                disk = disk.afterPowerCut();
            }
            disk.kill();
        }
        check(SegmentedLog.open(disk, CONFIG, () -> now));
    }

    private void end(SegmentedLog opened) {
        disk.heal();
        switch (random.nextInt(3)) {
            case 0 -> disk.kill();
            case 1 -> opened.close();
            default -> disk = disk.afterPowerCut();
        }
    }

    private void use(SegmentedLog opened) {
        for (var i = random.nextInt(60); i >= 0; i--) {
            switch (random.nextInt(40)) {
                case 0 -> disk.failAfter(random.nextInt(4), 1 + random.nextInt(3));
                case 1 -> disk.fill(random.nextInt(4000));
                case 2, 3, 4 -> disk.heal();
                case 5, 6 -> seal(opened);
                case 7, 16, 17 -> snapshot(opened);
                case 8, 9 -> remove(opened);
                case 10, 11 -> compact(opened);
                case 12 -> now = now.plus(Duration.ofMinutes(random.nextInt(40)));
                case 13, 14, 15 -> repair(opened);
                default -> append(opened);
            }
        }
    }

    private void append(SegmentedLog opened) {
        if (opened.hasFailed()) {
            repair(opened);
            return;
        }
        var events = random.nextInt(4);
        var next = position + events + random.nextInt(3);
        var payload = new byte[8 + (random.nextInt(20) == 0 ? random.nextInt(12_000) : random.nextInt(1500))];
        random.nextBytes(payload);
        var record = new LogRecord(opened.newestLsn() + 1, next, events, now.toEpochMilli(), payload);
        doubtful = record;
        try {
            opened.append(next, events, record.recordedAt(), payload);
            acknowledge(record);
        } catch (LogFailedException _) {
            assertThat(opened.hasFailed()).isTrue();
        }
    }

    private void acknowledge(LogRecord record) {
        acknowledged.put(record.lsn(), record);
        position = record.position();
        doubtful = null;
    }

    private void repair(SegmentedLog opened) {
        try {
            var failed = opened.hasFailed();
            opened.repair();
            doubtful = failed ? null : doubtful;
        } catch (LogFailedException _) {
            disk.heal();
        }
    }

    private void seal(SegmentedLog opened) {
        try {
            opened.sealIfIdle();
        } catch (LogFailedException _) {
            assertThat(opened.hasFailed()).isTrue();
        }
    }

    private void snapshot(SegmentedLog opened) {
        var lsn = opened.newestLsn();
        var lsns = List.copyOf(acknowledged.headMap(lsn, true).keySet());
        snapshots.put(lsn, lsns);
        try (var writer = opened.snapshots().write(lsn, opened.newestPosition(), 0)) {
            for (var one : lsns) {
                writer.write(ByteBuffer.allocate(Long.BYTES).putLong(one).array());
            }
            writer.complete();
            newestSnapshot = lsn;
        } catch (LogFailedException _) {
            // the log does not depend on it
        }
    }

    private void remove(SegmentedLog opened) {
        var upTo = opened.snapshots().coveredLsn();
        removable = Math.max(removable, upTo);
        try {
            opened.removeTo(random.nextBoolean() ? Long.MAX_VALUE : random.nextLong(position + 1), upTo + 1);
        } catch (LogFailedException _) {
            // some segments may remain
        }
    }

    private void compact(SegmentedLog opened) {
        var upTo = opened.snapshots().coveredLsn();
        var candidates = opened.segments().stream()
                .filter(segment -> segment.isClosed() && segment.lastLsn() <= upTo)
                .toList();
        if (candidates.isEmpty()) {
            return;
        }
        var segment = candidates.get(random.nextInt(candidates.size()));
        acknowledged
                .subMap(segment.firstLsn(), true, segment.lastLsn(), true)
                .keySet()
                .forEach(compacted::add);
        try {
            opened.compact(segment.firstLsn(), LogWorkload::reduced);
        } catch (LogFailedException _) {
            // the old and the new file are both intact
        }
    }

    /// Drops a third of the records and shortens another third.
    static Optional<byte[]> reduced(LogRecord record) {
        return switch (Math.floorMod(record.lsn(), 3)) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(Arrays.copyOf(record.payload(), 8));
            default -> Optional.of(record.payload());
        };
    }

    private void check(SegmentedLog opened) {
        var unacknowledged = doubtful;
        if (unacknowledged != null && opened.newestLsn() >= unacknowledged.lsn() && isThere(opened, unacknowledged)) {
            acknowledge(unacknowledged); // the log has kept it, so it must stay
        }
        doubtful = null;
        checkRecords(opened);
        checkSnapshot(opened);
        checkPositions(opened);
    }

    private static boolean isThere(SegmentedLog opened, LogRecord wanted) {
        return records(opened, wanted.lsn()).stream().anyMatch(record -> isSame(record, wanted));
    }

    private static boolean isSame(LogRecord one, LogRecord other) {
        return one.lsn() == other.lsn()
                && one.position() == other.position()
                && one.events() == other.events()
                && one.recordedAt() == other.recordedAt()
                && Arrays.equals(one.payload(), other.payload());
    }

    static List<LogRecord> records(SegmentedLog opened, long from) {
        var records = new ArrayList<LogRecord>();
        try (var cursor = opened.readFrom(from)) {
            for (var next = cursor.next(); next.isPresent(); next = cursor.next()) {
                records.add(next.get());
            }
        }
        return records;
    }

    private void checkRecords(SegmentedLog opened) {
        var first = opened.segments().getFirst().firstLsn();
        assertThat(first).isLessThanOrEqualTo(removable + 1);
        assertThat(opened.newestPosition()).isEqualTo(position);
        var expected = new ArrayList<>(acknowledged.tailMap(first, true).values());
        for (var record : records(opened, 1)) {
            while (!expected.isEmpty() && expected.getFirst().lsn() < record.lsn() && isDropped(expected.getFirst())) {
                expected.removeFirst();
            }
            if (record.payload().length > 0) {
                var wanted = expected.removeFirst();
                assertThat(isSame(record, wanted) || isSame(record, shortened(wanted)))
                        .as("%s is %s", record, wanted)
                        .isTrue();
            }
        }
        assertThat(expected).allMatch(this::isDropped);
    }

    private boolean isDropped(LogRecord record) {
        return compacted.contains(record.lsn()) && reduced(record).isEmpty();
    }

    private LogRecord shortened(LogRecord record) {
        return compacted.contains(record.lsn()) && reduced(record).isPresent()
                ? new LogRecord(
                        record.lsn(),
                        record.position(),
                        record.events(),
                        record.recordedAt(),
                        reduced(record).orElseThrow())
                : record;
    }

    private void checkSnapshot(SegmentedLog opened) {
        var usable = opened.snapshots().usable();
        assertThat(usable.orElse(0)).isGreaterThanOrEqualTo(newestSnapshot);
        if (usable.isPresent()) {
            var lsns = new ArrayList<Long>();
            try (var reader = opened.snapshots().read(usable.getAsLong())) {
                for (var slice = reader.next(); slice.isPresent(); slice = reader.next()) {
                    lsns.add(ByteBuffer.wrap(slice.get()).getLong());
                }
            }
            assertThat(lsns).isEqualTo(snapshots.get(usable.getAsLong()));
        }
    }

    private void checkPositions(SegmentedLog opened) {
        var all = records(opened, 1).stream()
                .filter(record -> record.events() > 0)
                .toList();
        assertThat(opened.newest().map(LogRecord::lsn))
                .isEqualTo(all.stream().map(LogRecord::lsn).reduce((_, last) -> last));
        for (var wanted = position - 5; wanted <= position; wanted++) {
            var at = wanted;
            assertThat(opened.recordAfter(at).map(LogRecord::lsn))
                    .isEqualTo(all.stream()
                            .filter(record -> record.position() > at)
                            .map(LogRecord::lsn)
                            .findFirst());
            assertThat(opened.recordHolding(at).map(LogRecord::lsn))
                    .isEqualTo(all.stream()
                            .filter(record -> record.holds(at))
                            .map(LogRecord::lsn)
                            .findFirst());
        }
    }
}
