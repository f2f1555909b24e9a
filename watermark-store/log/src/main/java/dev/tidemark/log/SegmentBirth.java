package dev.tidemark.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/// Creates segment files, each with its first record. A segment gets its name only after that record is forced.
/// Used by the appender's thread and by the start.
final class SegmentBirth {
    private static final String NEXT = "next" + LogFileLayout.TEMPORARY;

    /// Segment file ready for more records.
    ///
    /// @param size size of the file in bytes; its blocks are allocated and forced
    /// @param sum checksum of the record's header
    record Born(DiskFile file, long size, LogSegment segment, int sum) {}

    private final LogDisk disk;
    private final LogConfig config;
    private final RandomGenerator random;

    SegmentBirth(LogDisk disk, LogConfig config, RandomGenerator random) {
        this.disk = disk;
        this.config = config;
        this.random = random;
    }

    RandomGenerator random() {
        return random;
    }

    /// Creates the first segment of a new store.
    Born first(LogRecord record) throws IOException {
        return create(header(random.nextLong(), record, 0, 0, 0, record.recordedAt()), record, 0, true);
    }

    /// Creates the segment after `previous`, which ends before the record.
    ///
    /// @param last true to leave no room for a second record
    Born next(LogSegment previous, int previousSum, LogRecord record, long now, boolean last) throws IOException {
        var header = header(
                previous.header().storeId(),
                record,
                previous.lastPosition(),
                previous.header().lsn(),
                previous.end(),
                now);
        return create(header, record, previousSum, last);
    }

    private FileHeader header(long storeId, LogRecord record, long position, long previous, long end, long now) {
        return new FileHeader(
                FileHeader.Kind.SEGMENT, storeId, record.lsn(), position, random.nextLong(), previous, end, 0, now);
    }

    private Born create(FileHeader header, LogRecord record, int previousSum, boolean last) throws IOException {
        var bytes = RecordHeader.encode(record, previousSum, header.salt(), LogFileLayout.SECTOR);
        var sum = RecordHeader.sum(bytes);
        var end = LogFileLayout.SECTOR + bytes.remaining();
        var name = last || end > config.segmentBytes() ? NEXT : spare();
        var file = name.equals(NEXT) ? disk.create(name) : disk.open(name);
        try {
            var filled = name.equals(NEXT) && !last ? Math.max(end, config.growBytes()) : end;
            file.write(
                    ByteBuffer.allocate(filled).put(header.encode()).put(bytes).clear(), 0);
            file.force();
            var segment = new LogSegment(header, record.lsn(), record.position(), end);
            disk.rename(name, segment.name());
            disk.forceDirectory();
            return new Born(file, file.size(), segment, sum);
        } catch (IOException e) {
            file.close();
            disk.delete(NEXT); // frees the space
            throw e;
        }
    }

    private String spare() throws IOException {
        var spare = LogFileLayout.names(disk, LogFileLayout.SPARE).stream().findFirst();
        if (spare.isPresent()) {
            disk.forceDirectory(); // otherwise a power cut could restore the old name of the file
        }
        return spare.orElse(NEXT);
    }
}
