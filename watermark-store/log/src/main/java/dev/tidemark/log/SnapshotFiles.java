package dev.tidemark.log;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Snapshot files beside the log, of which the two newest are kept. Called on the owner's threads, which write one
/// snapshot at a time.
public final class SnapshotFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFiles.class);
    private static final int KEPT = 2;

    private final LogDisk disk;
    private final long storeId;
    private final RandomGenerator random;
    private final OptionalLong usable;

    private SnapshotFiles(LogDisk disk, long storeId, RandomGenerator random, OptionalLong usable) {
        this.disk = disk;
        this.storeId = storeId;
        this.random = random;
        this.usable = usable;
    }

    static SnapshotFiles none(LogDisk disk, long storeId, RandomGenerator random) {
        return new SnapshotFiles(disk, storeId, random, OptionalLong.empty());
    }

    /// Chooses the newest snapshot that is intact and that the log continues, or the whole log if that is complete.
    /// Renames damaged snapshots, so that they do not count as one of the two that are kept.
    static SnapshotFiles choose(LogDisk disk, SegmentChain chain, RandomGenerator random) throws IOException {
        var damages = new TreeMap<Long, LogDamagedException>();
        var usable = OptionalLong.empty();
        for (var lsn : lsns(disk).reversed()) {
            var damage = SnapshotReader.check(disk, lsn, chain);
            if (damage.isEmpty()) {
                usable = OptionalLong.of(lsn);
                break;
            }
            damages.put(lsn, damage.get());
        }
        if (usable.isEmpty() && !chain.view().reachesBackTo(0)) {
            throw damages.isEmpty()
                    ? chain.view().damage(disk, 0)
                    : damages.lastEntry().getValue();
        }
        setAside(disk, damages);
        return new SnapshotFiles(disk, chain.storeId(), random, usable);
    }

    private static void setAside(LogDisk disk, Map<Long, LogDamagedException> damages) throws IOException {
        for (var damage : damages.entrySet()) {
            LOG.warn(
                    "Ignored a snapshot; the start uses an older one or the whole log: {}",
                    damage.getValue().getMessage());
            var name = LogFileLayout.name(LogFileLayout.SNAPSHOT, damage.getKey());
            disk.rename(name, "damaged-" + name);
        }
    }

    static void refuseAny(LogDisk disk) throws IOException {
        var lsns = lsns(disk);
        if (!lsns.isEmpty()) {
            var name = disk.path(LogFileLayout.name(LogFileLayout.SNAPSHOT, lsns.getLast()));
            throw new LogDamagedException(name, 0, "all segments of its log are missing");
        }
    }

    private static List<Long> lsns(LogDisk disk) throws IOException {
        return LogFileLayout.names(disk, LogFileLayout.SNAPSHOT).stream()
                .map(name -> LogFileLayout.lsn(name, LogFileLayout.SNAPSHOT))
                .toList();
    }

    /// Returns the LSN of the snapshot that the start uses; empty if there is none.
    public OptionalLong usable() {
        return usable;
    }

    /// Returns the LSNs of the snapshots on the disk, oldest first.
    public List<Long> lsns() {
        try {
            return lsns(disk);
        } catch (IOException e) {
            throw LogFailedException.reading(e);
        }
    }

    /// Returns the LSN up to which two snapshots replace the log; 0 if there are fewer. A start that finds the
    /// newest snapshot damaged needs the records after it.
    public long coveredLsn() {
        var lsns = lsns();
        return lsns.size() < KEPT ? 0 : lsns.get(lsns.size() - KEPT);
    }

    /// Opens a snapshot for reading.
    public SnapshotReader read(long lsn) {
        try {
            return SnapshotReader.open(disk, lsn);
        } catch (IOException e) {
            throw LogFailedException.reading(e);
        }
    }

    /// Begins a snapshot of the state after the record `lsn`, which must be acknowledged.
    public SnapshotWriter write(long lsn, long position, long createdAt) {
        var header =
                new FileHeader(FileHeader.Kind.SNAPSHOT, storeId, lsn, position, random.nextLong(), 0, 0, 0, createdAt);
        return SnapshotWriter.begin(disk, header, this::removeOld);
    }

    /// Removes all but the newest snapshots. The next snapshot removes those that remain after a failure.
    private void removeOld() {
        try {
            var lsns = lsns(disk);
            for (var lsn : lsns.subList(0, Math.max(0, lsns.size() - KEPT))) {
                disk.delete(LogFileLayout.name(LogFileLayout.SNAPSHOT, lsn));
            }
            disk.forceDirectory();
        } catch (IOException e) {
            LOG.warn("Failed to remove an old snapshot; the next snapshot removes it: {}", e.toString());
        }
    }
}
