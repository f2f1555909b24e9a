package dev.tidemark.log;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Start of a log under the lock of its directory: finds snapshot and segments, checks them, and makes the newest
/// record durable that an unclean stop may have left unforced.
final class Opening {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private final LogDisk disk;
    private final LogConfig config;
    private final InstantSource clock;
    private final SegmentBirth birth;

    Opening(LogDisk disk, LogConfig config, InstantSource clock, SegmentBirth birth) {
        this.disk = disk;
        this.config = config;
        this.clock = clock;
        this.birth = birth;
    }

    /// Result of a start.
    ///
    /// @param lastSum checksum of the newest record's header
    record Opened(LogView view, Snapshots snapshots, int lastSum) {}

    Opened open() throws IOException {
        disk.forceDirectory(); // renames of a killed process are seen before they are durable
        for (var name : disk.list()) {
            if (name.endsWith(Layout.TEMPORARY)) {
                disk.delete(name);
            }
        }
        var chain = SegmentChain.read(disk);
        return chain.isPresent() ? found(chain.get()) : create();
    }

    private Opened create() throws IOException {
        Snapshots.refuseAny(disk);
        var born = birth.first(new LogRecord(1, 0, 0, clock.millis(), new byte[0]));
        born.file().close();
        var view = new LogView(List.of(), born.segment());
        return new Opened(view, Snapshots.none(disk, born.segment().header().storeId(), birth.random()), born.sum());
    }

    private Opened found(SegmentChain chain) throws IOException {
        var snapshots = Snapshots.choose(disk, chain, birth.random());
        chain.check(snapshots.usable().orElse(0), config.checkBytes());
        var scan = chain.newest();
        var segments = new Segments(new LogView(chain.closed(), scan.segment()));
        var lastSum = scan.segment().isBorn() ? scan.lastHeader().sum() : appendAgain(scan, segments);
        return new Opened(segments.view(), snapshots, lastSum);
    }

    /// Closes the segment before its newest record and begins the next one with a copy: the force of the record may
    /// have failed before the stop, and the copy in the page cache looks the same.
    private int appendAgain(NewestScan scan, Segments segments) throws IOException {
        segments.appended(scan.withoutLast());
        var previousSum = scan.lastHeader().previousSum();
        var born = birth.next(scan.withoutLast(), previousSum, scan.last(), clock.millis(), true);
        born.file().close();
        segments.began(born.segment());
        LOG.info(
                "Log was not closed; its newest record {} was written again",
                scan.last().lsn());
        return born.sum();
    }
}
