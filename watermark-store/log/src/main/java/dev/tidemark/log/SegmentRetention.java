package dev.tidemark.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes and compacts closed segments. Called on the owner's thread, concurrently with appends and reads. Calls
/// exclude each other.
final class SegmentRetention {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentRetention.class);
    private static final String COMPACTING = "compact" + LogFileLayout.TEMPORARY;

    private final LogDisk disk;
    private final LogConfig config;
    private final SegmentList segments;
    private final RandomGenerator random;
    private long deletedUpToLsn;

    SegmentRetention(LogDisk disk, LogConfig config, SegmentList segments, RandomGenerator random) {
        this.disk = disk;
        this.config = config;
        this.segments = segments;
        this.random = random;
    }

    synchronized void removeTo(long position, long upToLsn) throws IOException {
        var closed = segments.view().closed();
        while (!closed.isEmpty()
                && closed.getFirst().lastPosition() <= position
                && closed.getFirst().lastLsn() < upToLsn) {
            disk.forceDirectory(); // each removal before the next, so that a power cut leaves no gap
            remove(closed.getFirst());
            closed = segments.view().closed();
        }
    }

    private void remove(LogSegment segment) throws IOException {
        if (isReusable(segment)) {
            var spare = LogFileLayout.name(LogFileLayout.SPARE, segment.header().lsn());
            segments.removeOldest(() -> disk.rename(segment.name(), spare));
        } else {
            segments.removeOldest(() -> disk.delete(segment.name()));
        }
        LOG.info("Removed {} with the journal up to position {}", segment.name(), segment.lastPosition());
    }

    /// Deletes the spare files, and from now on each removed segment that exists now: neither may keep old bytes.
    synchronized void stopReuse() throws IOException {
        for (var spare : LogFileLayout.names(disk, LogFileLayout.SPARE)) {
            disk.delete(spare);
        }
        disk.forceDirectory();
        deletedUpToLsn = segments.view().newest().lastLsn();
    }

    private boolean isReusable(LogSegment segment) throws IOException {
        if (segment.header().lsn() <= deletedUpToLsn) {
            return false;
        }
        try (var file = disk.read(segment.name())) {
            return file.size() == config.segmentBytes()
                    && LogFileLayout.names(disk, LogFileLayout.SPARE).size() < config.spares();
        }
    }

    synchronized void compact(long firstLsn, long upToLsn, RecordFilter filter) throws IOException {
        var old = segments.view().closed().stream()
                .filter(segment -> segment.header().lsn() == firstLsn && segment.lastLsn() <= upToLsn)
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException(
                        "No closed segment up to record %d begins with record %d".formatted(upToLsn, firstLsn)));
        var header = rewrite(old, filter);
        var compacted = new LogSegment(header, old.lastLsn(), old.lastPosition(), header.end());
        segments.replace(old, compacted, () -> disk.rename(COMPACTING, old.name()));
        disk.forceDirectory();
        LOG.info("Compacted {} from {} to {} bytes", old.name(), old.end(), header.end());
    }

    private FileHeader rewrite(LogSegment old, RecordFilter filter) throws IOException {
        try (var from = old.read(disk, RecordFile.SEQUENTIAL_BYTES);
                var to = disk.create(COMPACTING)) {
            var copy = new Copy(to, random.nextLong());
            for (long at = LogFileLayout.SECTOR; at < old.end(); ) {
                var header = from.soundHeaderAt(at);
                copy(from.soundRecord(at, header), old, filter, copy);
                at += header.size();
            }
            var header = old.header().compacted(copy.salt, copy.end);
            to.write(header.encode(), 0);
            to.force();
            return header;
        } catch (IOException | RuntimeException e) {
            disk.delete(COMPACTING);
            throw e;
        }
    }

    /// Copies the record if the filter keeps it. Always keeps the last record, because it proves that the segment
    /// is complete.
    private static void copy(LogRecord record, LogSegment old, RecordFilter filter, Copy copy) throws IOException {
        var payload = record.payload().length == 0 ? Optional.<byte[]>empty() : filter.payload(record);
        if (payload.isPresent()) {
            copy.append(new LogRecord(
                    record.lsn(), record.position(), record.events(), record.recordedAt(), payload.get()));
        } else if (record.lsn() == old.lastLsn()) {
            copy.append(new LogRecord(record.lsn(), record.position(), 0, record.recordedAt(), new byte[0]));
        }
    }

    private static final class Copy {
        private final DiskFile file;
        private final long salt;
        private long end = LogFileLayout.SECTOR;
        private int lastSum;

        Copy(DiskFile file, long salt) {
            this.file = file;
            this.salt = salt;
        }

        void append(LogRecord record) throws IOException {
            ByteBuffer bytes = RecordHeader.encode(record, lastSum, salt, end);
            lastSum = RecordHeader.sum(bytes);
            var length = bytes.remaining();
            file.write(bytes, end);
            end += length;
        }
    }
}
