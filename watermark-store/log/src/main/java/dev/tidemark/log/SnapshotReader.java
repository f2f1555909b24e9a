package dev.tidemark.log;

import java.io.IOException;
import java.util.Optional;

/// Reads the slices of a snapshot in the order of writing. Not thread-safe.
public final class SnapshotReader implements AutoCloseable {
    private final RecordFile file;
    private long at = LogFileLayout.SECTOR;
    private long slices;

    private SnapshotReader(RecordFile file) {
        this.file = file;
    }

    static SnapshotReader open(LogDisk disk, long lsn) throws IOException {
        return new SnapshotReader(
                RecordFile.open(disk, LogFileLayout.name(LogFileLayout.SNAPSHOT, lsn), RecordFile.SEQUENTIAL_BYTES));
    }

    /// Reads a whole snapshot. Returns its damage.
    ///
    /// @throws LogDamagedException if it is intact and the log does not continue it: an older snapshot would hide
    ///     the loss of acknowledged records
    static Optional<LogDamagedException> check(LogDisk disk, long lsn, SegmentChain chain) throws IOException {
        try (var reader = open(disk, lsn)) {
            reader.refuseForeign(lsn, chain.storeId());
            reader.readAll();
        } catch (LogDamagedException e) {
            return Optional.of(e);
        }
        if (lsn > chain.newest().segment().lastLsn()) {
            throw new LogDamagedException(
                    disk.path(chain.newest().segment().name()),
                    0,
                    "the log ends before record %d of a snapshot".formatted(lsn));
        }
        if (!chain.view().reachesBackTo(lsn)) {
            throw chain.view().damage(disk, lsn);
        }
        return Optional.empty();
    }

    void refuseForeign(long lsn, long storeId) {
        var header = file.header();
        if (header.kind() != FileHeader.Kind.SNAPSHOT || header.lsn() != lsn || header.storeId() != storeId) {
            throw file.damaged(0, "it belongs to another store or another name");
        }
    }

    void readAll() throws IOException {
        while (slice().isPresent()) {}
    }

    /// Returns the LSN of the last record that the snapshot includes.
    public long lsn() {
        return file.header().lsn();
    }

    /// Returns the journal position of the snapshot.
    public long position() {
        return file.header().position();
    }

    /// Returns the time in epoch milliseconds at which the snapshot was begun.
    public long createdAt() {
        return file.header().createdAt();
    }

    /// Returns the next slice, or empty after the last one.
    public Optional<byte[]> next() {
        try {
            return slice();
        } catch (IOException e) {
            throw LogFailedException.reading(e);
        }
    }

    private Optional<byte[]> slice() throws IOException {
        var header = file.soundHeaderAt(at);
        if (header.lsn() != slices + 1) {
            throw file.damaged(at, "slice %d follows slice %d".formatted(header.lsn(), slices));
        }
        var record = file.soundRecord(at, header);
        if (SnapshotWriter.isLast(record)) {
            return Optional.empty();
        }
        slices++;
        at += header.size();
        return Optional.of(record.payload());
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw LogFailedException.reading(e);
        }
    }
}
