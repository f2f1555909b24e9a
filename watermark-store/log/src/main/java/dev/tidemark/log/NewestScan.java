package dev.tidemark.log;

import java.io.IOException;
import java.util.Optional;

/// Finds the end of the newest segment, which no file records, and checks all its records. Used by the start and by
/// [LogInspection].
final class NewestScan {
    private final RecordHeader first;
    private LogSegment withoutLast;
    private LogSegment segment;
    private RecordHeader lastHeader;
    private LogRecord last;

    private NewestScan(RecordFile file) throws IOException {
        var header = file.header();
        first = file.soundHeaderAt(LogFileLayout.SECTOR);
        lastHeader = first;
        last = file.soundRecord(LogFileLayout.SECTOR, first);
        withoutLast = new LogSegment(header, header.lsn() - 1, header.position(), LogFileLayout.SECTOR);
        segment = withoutLast.with(last, LogFileLayout.SECTOR + first.size());
    }

    /// Scans the segment. Refuses it if a later record proves that a damaged one was forced. Also refuses it if
    /// the file is too short, or if the segments after it are missing.
    ///
    /// @throws LogDamagedException if the segment is refused
    static NewestScan of(LogDisk disk, FileHeader header) throws IOException {
        try (var file = RecordFile.open(
                disk, LogFileLayout.name(LogFileLayout.SEGMENT, header.lsn()), RecordFile.SEQUENTIAL_BYTES)) {
            if (header.isCompacted()) {
                throw file.damaged(header.end(), "the segments after this one are missing");
            }
            var scan = new NewestScan(file);
            while (scan.advance(file)) {}
            refuseIfForced(file, scan.segment.end());
            return scan;
        }
    }

    private boolean advance(RecordFile file) throws IOException {
        var at = segment.end();
        var header = file.headerAt(at).filter(next -> next.lsn() == segment.lastLsn() + 1);
        var record = header.isEmpty() ? Optional.<LogRecord>empty() : file.record(at, header.get());
        if (record.isEmpty()) {
            return false;
        }
        withoutLast = segment;
        lastHeader = header.orElseThrow();
        last = record.get();
        segment = segment.with(last, at + lastHeader.size());
        return true;
    }

    private static void refuseIfForced(RecordFile file, long end) throws IOException {
        if (file.headerAt(end)
                .filter(header -> end + header.size() > file.size())
                .isPresent()) {
            throw file.damaged(end, "the file is too short for its last record");
        }
        var later = file.scan(end + LogFileLayout.SECTOR, file.size());
        if (later < file.size()) {
            throw file.damaged(
                    end,
                    "a record is not intact, but a later one at offset %d proves that it was forced".formatted(later));
        }
    }

    /// Returns the segment up to its newest record.
    LogSegment segment() {
        return segment;
    }

    /// Returns the segment without its newest record.
    LogSegment withoutLast() {
        return withoutLast;
    }

    LogRecord last() {
        return last;
    }

    RecordHeader lastHeader() {
        return lastHeader;
    }

    RecordHeader first() {
        return first;
    }
}
