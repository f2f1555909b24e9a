package dev.tidemark.log;

import java.io.IOException;

/// Writes a snapshot under a temporary name. Forces each slice separately, so that a force of the log waits for at
/// most one slice. [#complete] gives the file its name; otherwise [#close] deletes it. Not thread-safe.
public final class SnapshotWriter implements AutoCloseable {
    /// Size limit of a slice, because a force of the log may wait for one. A single larger value gets a separate
    /// slice.
    public static final int SLICE_BYTES = 256 << 10;

    private static final String TEMPORARY = "snapshot" + LogFileLayout.TEMPORARY;

    private final LogDisk disk;
    private final FileHeader header;
    private final DiskFile file;
    private final Runnable removal;
    private long at = LogFileLayout.SECTOR;
    private long slices;
    private int lastSum;
    private boolean complete;

    private SnapshotWriter(LogDisk disk, FileHeader header, DiskFile file, Runnable removal) {
        this.disk = disk;
        this.header = header;
        this.file = file;
        this.removal = removal;
    }

    static SnapshotWriter begin(LogDisk disk, FileHeader header, Runnable removal) {
        try {
            var writer = new SnapshotWriter(disk, header, disk.create(TEMPORARY), removal);
            writer.begin();
            return writer;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void begin() throws IOException {
        try {
            file.write(header.encode(), 0);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    static boolean isLast(LogRecord record) {
        return record.payload().length == 0;
    }

    /// Appends a slice, which must not be empty.
    public void write(byte[] slice) {
        if (slice.length == 0) {
            throw new IllegalArgumentException("A slice must have at least 1 byte");
        }
        try {
            append(slice);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Gives the snapshot its name and removes the snapshots that it replaces.
    public void complete() {
        try {
            append(new byte[0]);
            disk.rename(TEMPORARY, LogFileLayout.name(LogFileLayout.SNAPSHOT, header.lsn()));
            complete = true;
            disk.forceDirectory();
            removal.run();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void append(byte[] payload) throws IOException {
        var record = new LogRecord(slices + 1, header.position(), 0, header.createdAt(), payload);
        var bytes = RecordHeader.encode(record, lastSum, header.salt(), at);
        lastSum = RecordHeader.sum(bytes);
        var length = bytes.remaining();
        file.write(bytes, at);
        file.force();
        at += length;
        slices++;
    }

    private static LogFailedException failed(IOException e) {
        return new LogFailedException("Failed to write a snapshot: " + e + "; check the disk and its free space.", e);
    }

    @Override
    public void close() {
        try {
            file.close();
            if (!complete) {
                disk.delete(TEMPORARY);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
