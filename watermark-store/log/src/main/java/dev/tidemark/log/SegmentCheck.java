package dev.tidemark.log;

import java.io.IOException;

/// Result of the check of a closed segment. Used by the start and by [LogInspection].
///
/// @param first header of the first record
/// @param lastSum checksum of the last record's header
record SegmentCheck(RecordHeader first, int lastSum) {
    /// Reads and checks all records of a closed segment.
    static SegmentCheck of(LogDisk disk, LogSegment segment) throws IOException {
        try (var file = segment.read(disk, RecordFile.SEQUENTIAL_BYTES)) {
            var first = file.soundHeaderAt(LogFileLayout.SECTOR);
            var lastSum = 0;
            var lsn = segment.header().lsn() - 1;
            long at = LogFileLayout.SECTOR;
            while (at < segment.end()) {
                var header = file.soundHeaderAt(at);
                file.soundRecord(at, header);
                refuseGap(file, at, lsn, header);
                lsn = header.lsn();
                lastSum = header.sum();
                at += header.size();
            }
            if (lsn != segment.lastLsn() || at != segment.end()) {
                throw file.damaged(at, "the records up to %d are missing".formatted(segment.lastLsn()));
            }
            return new SegmentCheck(first, lastSum);
        }
    }

    private static void refuseGap(RecordFile file, long at, long previous, RecordHeader header) {
        var follows = file.header().isCompacted() ? header.lsn() > previous : header.lsn() == previous + 1;
        if (!follows) {
            throw file.damaged(at, "record %d follows record %d".formatted(header.lsn(), previous));
        }
    }
}
