package dev.tidemark.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Predicate;

/// Reads one segment or snapshot. Not thread-safe; each read operation opens a separate one.
final class RecordFile implements AutoCloseable {
    /// Read-ahead in bytes for sequential reads.
    static final int SEQUENTIAL_BYTES = 64 << 10;
    /// Read-ahead in bytes for a few records in a row.
    static final int BATCH_BYTES = 16 << 10;
    /// Read-ahead in bytes for a single record.
    static final int SINGLE_BYTES = 4 << 10;

    private final DiskFile file;
    private final String path;
    private final FileHeader header;
    private final long size;
    private final ByteBuffer window;
    private long windowAt;

    private RecordFile(DiskFile file, String path, FileHeader header, int window) throws IOException {
        this.file = file;
        this.path = path;
        this.header = header;
        this.size = file.size();
        this.window = ByteBuffer.allocate((int) Math.min(window, size)).limit(0);
    }

    static RecordFile open(LogDisk disk, String name, int window) throws IOException {
        var file = disk.read(name);
        try {
            var sector = ByteBuffer.allocate(LogFileLayout.SECTOR);
            file.read(sector, 0);
            var header = FileHeader.decode(sector.flip())
                    .orElseThrow(() -> new LogDamagedException(disk.path(name), 0, "the file's header is not intact"));
            return new RecordFile(file, disk.path(name), header, window);
        } catch (IOException | LogDamagedException e) {
            file.close();
            throw e;
        }
    }

    FileHeader header() {
        return header;
    }

    /// Returns the size of the file at the time of opening.
    long size() {
        return size;
    }

    LogDamagedException damaged(long offset, String cause) {
        return new LogDamagedException(path, offset, cause);
    }

    Optional<RecordHeader> headerAt(long offset) throws IOException {
        return RecordHeader.decode(bytes(offset, RecordHeader.SIZE), header.salt(), offset);
    }

    RecordHeader soundHeaderAt(long offset) throws IOException {
        return headerAt(offset).orElseThrow(() -> damaged(offset, "a record is missing"));
    }

    /// Returns the record if its payload is intact.
    Optional<LogRecord> record(long offset, RecordHeader of) throws IOException {
        if (offset + of.size() > size) {
            return Optional.empty();
        }
        var payload = new byte[of.length()];
        bytes(offset + RecordHeader.SIZE, of.length()).get(payload);
        var sum = LogFileLayout.checksum(header.salt(), offset, ByteBuffer.wrap(payload));
        return sum == of.payloadSum() ? Optional.of(of.with(payload)) : Optional.empty();
    }

    LogRecord soundRecord(long offset, RecordHeader of) throws IOException {
        return record(offset, of)
                .orElseThrow(() -> damaged(offset, "record %d does not match its checksum".formatted(of.lsn())));
    }

    /// Returns the offset of the first intact header in a range of sectors, or the end of the range.
    long scan(long from, long to) throws IOException {
        for (var at = from; at < to; at += LogFileLayout.SECTOR) {
            if (headerAt(at).isPresent()) {
                return at;
            }
        }
        return to;
    }

    /// Searches for the first record that satisfies a condition, which all later records must satisfy as well.
    /// Returns its offset, or `end`. If the search meets damage, the offset may hold no record.
    long first(long end, Predicate<RecordHeader> condition) throws IOException {
        long low = LogFileLayout.SECTOR;
        for (var high = end; low < high; ) {
            var middle = low + (high - low) / 2 / LogFileLayout.SECTOR * LogFileLayout.SECTOR;
            var found = scan(middle, high);
            var record = found == high ? Optional.<RecordHeader>empty() : headerAt(found);
            if (record.isEmpty() || condition.test(record.get())) {
                high = middle;
            } else {
                low = found + record.get().size();
            }
        }
        return low;
    }

    private ByteBuffer bytes(long offset, int length) throws IOException {
        var wanted = Math.toIntExact(Math.max(0, Math.min(length, size - offset)));
        if (wanted > window.capacity()) {
            var large = ByteBuffer.allocate(wanted);
            file.read(large, offset);
            return large.flip();
        }
        if (offset < windowAt || offset + wanted > windowAt + window.limit()) {
            window.clear();
            file.read(window, offset);
            window.flip();
            windowAt = offset;
        }
        var at = (int) (offset - windowAt);
        return window.slice(at, Math.min(wanted, window.limit() - at));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
