package dev.tidemark.log;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the files of a log under the lock of the directory. Chooses a snapshot and checks the segments. Writes
/// the newest record again if an unclean stop may have left it unforced. Used by the thread that opens the log.
final class LogOpener {
    private static final Logger LOG = LoggerFactory.getLogger(LogOpener.class);

    private final LogDisk disk;
    private final LogConfig config;
    private final InstantSource clock;
    private final SegmentBirth birth;

    LogOpener(LogDisk disk, LogConfig config, InstantSource clock, SegmentBirth birth) {
        this.disk = disk;
        this.config = config;
        this.clock = clock;
        this.birth = birth;
    }

    /// Result of a start.
    ///
    /// @param lastSum checksum of the newest record's header
    record Opened(LogView view, SnapshotFiles snapshots, int lastSum) {}

    Opened open() throws IOException {
        disk.forceDirectory(); // renames of a killed process are visible before they are durable
        for (var name : disk.list()) {
            if (name.endsWith(LogFileLayout.TEMPORARY)) {
                disk.delete(name);
            }
        }
        var chain = SegmentChain.read(disk);
        return chain.isPresent() ? found(chain.get()) : create();
    }

    private Opened create() throws IOException {
        SnapshotFiles.refuseAny(disk);
        StopMarker.refuseAny(disk);
        var born = birth.first(new LogRecord(1, 0, 0, clock.millis(), new byte[0]));
        born.file().close();
        var view = new LogView(List.of(), born.segment());
        return new Opened(
                view, SnapshotFiles.none(disk, born.segment().header().storeId(), birth.random()), born.sum());
    }

    private Opened found(SegmentChain chain) throws IOException {
        var snapshots = SnapshotFiles.choose(disk, chain, birth.random());
        chain.check(snapshots.usable().orElse(0), config.checkBytes());
        var scan = chain.newest();
        StopMarker.check(disk, scan.segment());
        var segments = new SegmentList(chain.view());
        var lastSum = scan.segment().isBorn() ? scan.lastHeader().sum() : appendAgain(scan, segments);
        return new Opened(segments.view(), snapshots, lastSum);
    }

    /// Ends the segment before its newest record and begins the next one with a copy. The force of the record may
    /// have failed before the stop, and the page cache does not show that.
    private int appendAgain(NewestScan scan, SegmentList segments) throws IOException {
        segments.appended(scan.withoutLast());
        var previousSum = scan.lastHeader().previousSum();
        var born = birth.next(scan.withoutLast(), previousSum, scan.last(), clock.millis(), true);
        born.file().close();
        segments.began(born.segment());
        LOG.info(
                "Log was not sealed at the last stop; wrote its newest record {} again",
                scan.last().lsn());
        return born.sum();
    }
}
