package dev.tidemark.log;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the records from an LSN up to the newest one at the cursor's creation, in order. The owner must not remove
/// segments that the cursor still reads. Not thread-safe.
public final class LogCursor implements AutoCloseable {
    private final LogDisk disk;
    private final SegmentList segments;
    private final long last;
    private long next;
    private @Nullable RecordFile file;
    private long at;
    private long end;

    LogCursor(LogDisk disk, SegmentList segments, long lsn) {
        this.disk = disk;
        this.segments = segments;
        this.last = segments.view().newest().lastLsn();
        this.next = lsn;
    }

    /// Returns the next record, or empty after the last one.
    public Optional<LogRecord> next() {
        try {
            while (next <= last) {
                var open = file == null ? open() : file;
                if (at < end) {
                    var header = open.soundHeaderAt(at);
                    var record = open.soundRecord(at, header);
                    at += header.size();
                    next = header.lsn() + 1;
                    return Optional.of(record);
                }
                closeFile();
            }
            return Optional.empty();
        } catch (IOException e) {
            throw LogFailedException.reading(e);
        }
    }

    private RecordFile open() throws IOException {
        var view = segments.view();
        var segment = view.get(view.reaching(next));
        var opened = open(segment);
        if (opened == null) {
            return open(); // compaction replaced the file
        }
        file = opened;
        end = segment.end();
        at = opened.first(end, header -> header.lsn() >= next);
        next = Math.max(next, segment.header().lsn());
        return opened;
    }

    private @Nullable RecordFile open(LogSegment segment) throws IOException {
        try {
            return segment.read(disk, RecordFile.SEQUENTIAL_BYTES);
        } catch (IOException e) {
            if (segments.isCurrent(segment)) {
                throw e;
            }
            return null;
        }
    }

    private void closeFile() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }

    @Override
    public void close() {
        try {
            closeFile();
        } catch (IOException e) {
            throw LogFailedException.reading(e);
        }
    }
}
