package dev.tidemark.log;

import java.io.IOException;

/// Segment with the range of its valid records.
///
/// @param lastLsn LSN of its last record; in the newest segment, of the last forced record
/// @param lastPosition journal position after its last record
/// @param end offset at which its last record ends
record LogSegment(FileHeader header, long lastLsn, long lastPosition, long end) {
    static LogSegment before(FileHeader header, FileHeader next) {
        var end = header.isCompacted() ? header.end() : next.previousEnd();
        return new LogSegment(header, next.lsn() - 1, next.position(), end);
    }

    String name() {
        return LogFileLayout.name(LogFileLayout.SEGMENT, header.lsn());
    }

    /// Returns whether the segment holds only the record that it was created with, which is forced.
    boolean isBorn() {
        return lastLsn == header.lsn();
    }

    LogSegment with(LogRecord record, long newEnd) {
        return new LogSegment(header, record.lsn(), record.position(), newEnd);
    }

    RecordFile read(LogDisk disk, int window) throws IOException {
        var file = RecordFile.open(disk, name(), window);
        if (file.header().equals(header)) {
            return file;
        }
        file.close();
        throw new IOException(disk.path(name()) + " was replaced");
    }
}
