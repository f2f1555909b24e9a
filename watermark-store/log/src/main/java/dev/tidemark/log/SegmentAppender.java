package dev.tidemark.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Appends records to the newest segment and forces each before the call returns. After a failure it refuses
/// appends until [#repair] has written an empty record, with the LSN of the failed one, to a new segment. Remains
/// of the failed record lie after the end of their segment and are never read. Thread-safe; appends exclude each
/// other.
final class SegmentAppender {
    private enum State {
        READY,
        FAILED,
        CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(SegmentAppender.class);

    private final LogConfig config;
    private final InstantSource clock;
    private final SegmentList segments;
    private final SegmentBirth birth;
    /// direct and reused, because allocating such a buffer several times per second slows the garbage collector
    /// down
    private final ByteBuffer zeros;

    private @Nullable DiskFile file; // if null, the next record begins a segment
    private long size;
    private int lastSum;
    private boolean carriesPayload;
    private State state = State.READY;

    /// @param lastSum checksum of the newest record's header
    SegmentAppender(LogConfig config, InstantSource clock, SegmentList segments, SegmentBirth birth, int lastSum) {
        this.config = config;
        this.clock = clock;
        this.segments = segments;
        this.birth = birth;
        this.zeros = ByteBuffer.allocateDirect(config.growBytes());
        this.lastSum = lastSum;
    }

    synchronized long append(long position, int events, long recordedAt, byte[] payload) {
        var newest = newest();
        if (events < 0 || position < newest.lastPosition() || position - events < newest.lastPosition()) {
            throw new IllegalArgumentException("%d events up to position %d do not follow position %d"
                    .formatted(events, position, newest.lastPosition()));
        }
        if (state != State.READY) {
            throw new LogFailedException(
                    "Failed to append to the log: it is closed, or an earlier append failed; check the disk.", null);
        }
        var record = new LogRecord(newest.lastLsn() + 1, position, events, recordedAt, payload);
        write(record, false);
        return record.lsn();
    }

    /// Appends an empty record if damage to the newest one would look like a torn write.
    synchronized void sealIfIdle() {
        if (state == State.READY && file != null && carriesPayload && !newest().isBorn()) {
            write(empty(), false);
        }
    }

    synchronized boolean hasFailed() {
        return state == State.FAILED;
    }

    synchronized void repair() {
        if (state == State.FAILED) {
            write(empty(), false);
            state = State.READY;
            LOG.info("Log repaired; appends continue in {}", newest().name());
        }
    }

    /// Seals the newest record with an empty one in a separate segment. The next start can then distinguish
    /// damage from a torn write.
    synchronized void close() {
        try {
            if (state == State.READY && !newest().isBorn()) {
                write(empty(), true);
            }
        } catch (LogFailedException e) {
            LOG.warn("Failed to seal the log; the next start writes its newest record again: {}", e.getMessage());
        } finally {
            state = State.CLOSED;
            closeFile();
        }
    }

    private LogSegment newest() {
        return segments.view().newest();
    }

    private LogRecord empty() {
        var newest = newest();
        return new LogRecord(newest.lastLsn() + 1, newest.lastPosition(), 0, clock.millis(), new byte[0]);
    }

    private void write(LogRecord record, boolean last) {
        var written = false;
        try {
            var open = file;
            if (open == null || last || isFull(record)) {
                begin(record, last);
            } else {
                extend(open, record);
            }
            carriesPayload = record.payload().length > 0;
            written = true;
        } catch (IOException e) {
            throw new LogFailedException(
                    "Failed to append to the log: %s; check the disk and its free space.".formatted(e), e);
        } finally {
            if (!written) {
                state = State.FAILED;
                closeFile();
            }
        }
    }

    private boolean isFull(LogRecord record) {
        var newest = newest();
        return newest.end() + RecordHeader.size(record.payload().length) > config.segmentBytes()
                || clock.millis() - newest.header().createdAt()
                        >= config.segmentAge().toMillis();
    }

    private void begin(LogRecord record, boolean last) throws IOException {
        var born = birth.next(newest(), lastSum, record, clock.millis(), last);
        closeFile();
        file = born.file();
        size = born.size();
        lastSum = born.sum();
        segments.began(born.segment());
    }

    private void extend(DiskFile open, LogRecord record) throws IOException {
        var newest = newest();
        var bytes = RecordHeader.encode(record, lastSum, newest.header().salt(), newest.end());
        var end = newest.end() + bytes.remaining();
        if (end > size) {
            grow(open, end);
        }
        var sum = RecordHeader.sum(bytes);
        open.write(bytes, newest.end());
        open.force();
        lastSum = sum;
        segments.appended(newest.with(record, end));
    }

    /// Forces the new size and its blocks, so that forcing a record needs no commit of the file system.
    private void grow(DiskFile open, long needed) throws IOException {
        var grown = Math.min(config.segmentBytes(), Math.max(needed, size + config.growBytes()));
        while (size < grown) {
            zeros.clear().limit(Math.toIntExact(Math.min(zeros.capacity(), grown - size)));
            var length = zeros.remaining();
            open.write(zeros, size);
            size += length;
        }
        open.force();
    }

    private void closeFile() {
        var open = file;
        file = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("Failed to close a segment", e);
            }
        }
    }
}
