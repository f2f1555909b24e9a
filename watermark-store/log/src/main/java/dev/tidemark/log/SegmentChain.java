package dev.tidemark.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Segment files found at the start. Refuses a chain that lacks a segment or holds one of another store. Used by
/// the thread that opens the log.
final class SegmentChain {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentChain.class);

    private final LogDisk disk;
    private final List<FileHeader> headers;
    private final NewestScan newest;

    private SegmentChain(LogDisk disk, List<FileHeader> headers) throws IOException {
        this.disk = disk;
        this.headers = headers;
        this.newest = NewestScan.of(disk, headers.getLast());
    }

    /// Returns the chain, or empty for a new store.
    static Optional<SegmentChain> read(LogDisk disk) throws IOException {
        var headers = new ArrayList<FileHeader>();
        for (var name : LogFileLayout.names(disk, LogFileLayout.SEGMENT)) {
            try (var file = RecordFile.open(disk, name, RecordFile.SINGLE_BYTES)) {
                headers.add(checked(file, name, headers));
            }
        }
        return headers.isEmpty() ? Optional.empty() : Optional.of(new SegmentChain(disk, headers));
    }

    private static FileHeader checked(RecordFile file, String name, List<FileHeader> before) {
        var header = file.header();
        if (!name.equals(LogFileLayout.name(LogFileLayout.SEGMENT, header.lsn()))
                || header.kind() == FileHeader.Kind.SNAPSHOT) {
            throw file.damaged(0, "its header belongs to a file of another name");
        }
        if (!before.isEmpty()) {
            var previous = before.getLast();
            if (header.storeId() != previous.storeId()) {
                throw file.damaged(0, "it belongs to another store than the previous segment");
            }
            if (header.previousLsn() != previous.lsn()) {
                throw file.damaged(
                        0,
                        "%s before it is missing"
                                .formatted(LogFileLayout.name(LogFileLayout.SEGMENT, header.previousLsn())));
            }
        }
        return header;
    }

    long storeId() {
        return headers.getFirst().storeId();
    }

    NewestScan newest() {
        return newest;
    }

    LogView view() {
        return new LogView(closed(), newest.segment());
    }

    private List<LogSegment> closed() {
        var segments = new ArrayList<LogSegment>();
        for (var i = 0; i + 1 < headers.size(); i++) {
            segments.add(LogSegment.before(headers.get(i), headers.get(i + 1)));
        }
        return segments;
    }

    /// Checks the closed segments, newest first: all that end after the LSN, older ones up to a total size of
    /// `bytes`.
    void check(long lsn, long bytes) throws IOException {
        var next = newest.first();
        var nextIsCompacted = false;
        var rest = bytes;
        for (var segment : closed().reversed()) {
            rest -= segment.end();
            if (rest < 0 && segment.lastLsn() <= lsn) {
                LOG.debug("Segments up to record {} are checked when they are read", segment.lastLsn());
                return;
            }
            var check = SegmentCheck.of(disk, segment);
            var isCompacted = segment.header().isCompacted();
            if (!isCompacted && !nextIsCompacted && check.lastSum() != next.previousSum()) {
                throw new LogDamagedException(
                        disk.path(segment.name()), segment.end(), "the next segment does not continue its last record");
            }
            nextIsCompacted = isCompacted;
            next = check.first();
        }
    }
}
