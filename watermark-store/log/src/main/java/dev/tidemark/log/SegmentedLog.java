package dev.tidemark.log;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Durable log of opaque records and their snapshots in one directory. The owner's committer appends; any thread
/// reads; one thread at a time runs retention and compaction. Guarantees that acknowledged records are read back
/// unchanged and in order after any crash. Refuses damage with file and offset, except to a newest record that is
/// not sealed yet. After a crash, the newest record may be one that was not acknowledged. Thread-safe on threads
/// that are never interrupted.
public final class SegmentedLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentedLog.class);

    private final LogDisk disk;
    private final LogDisk.DiskLock lock;
    private final SegmentList segments;
    private final SnapshotFiles snapshots;
    private final SegmentAppender appender;
    private final PositionReads reads;
    private final SegmentRetention retention;

    private SegmentedLog(LogDisk disk, LogConfig config, InstantSource clock, LogDisk.DiskLock lock)
            throws IOException {
        var random = new SecureRandom();
        var birth = new SegmentBirth(disk, config, random);
        var opened = new LogOpener(disk, config, clock, birth).open();
        this.disk = disk;
        this.lock = lock;
        this.segments = new SegmentList(opened.view());
        this.snapshots = opened.snapshots();
        this.appender = new SegmentAppender(config, clock, segments, birth, opened.lastSum());
        this.reads = new PositionReads(disk, segments);
        this.retention = new SegmentRetention(disk, config, segments, random);
    }

    /// Opens or creates the log. All acknowledged records are durable when it returns. Checks the records after the
    /// snapshot and [LogConfig#checkBytes] of the newest segments; older ones are checked by reads.
    ///
    /// @throws LogInUseException if another log holds the directory
    /// @throws LogDamagedException if a file is missing or not intact
    /// @throws LogFailedException if the disk fails
    public static SegmentedLog open(LogDisk disk, LogConfig config, InstantSource clock) {
        try {
            var lock = disk.lock();
            try {
                return new SegmentedLog(disk, config, clock, lock);
            } catch (IOException | LogException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new LogFailedException("Failed to open the log: " + e + "; check the disk and its free space.", e);
        }
    }

    /// Returns the snapshots beside the log.
    public SnapshotFiles snapshots() {
        return snapshots;
    }

    /// Returns the LSN of the newest snapshot on the disk; empty if there is none and the log holds all records.
    ///
    /// @throws LogDamagedException if snapshots were removed and the log does not reach back to those that remain
    public OptionalLong snapshot() {
        var newest = snapshots.lsns().stream().mapToLong(Long::longValue).max();
        var view = segments.view();
        if (!view.reachesBackTo(newest.orElse(0))) {
            throw view.damage(disk, newest.orElse(0));
        }
        return newest;
    }

    /// Appends a record and returns its LSN after it is forced.
    ///
    /// @param position journal position after the record, at least that of the previous record
    /// @param events number of journal positions that it holds, up to and including `position`
    /// @param recordedAt epoch milliseconds
    /// @throws LogFailedException if the disk fails; then every append fails until [#repair] succeeds
    public long append(long position, int events, long recordedAt, byte[] payload) {
        return appender.append(position, events, recordedAt, payload);
    }

    /// Appends an empty record after a newest record with payload. Called by the owner's timer while the log is
    /// idle, so that damage to the newest record does not look like a torn write.
    public void sealIfIdle() {
        appender.sealIfIdle();
    }

    /// Returns whether appends fail until [#repair] succeeds.
    public boolean hasFailed() {
        return appender.hasFailed();
    }

    /// Discards the failed record and makes appends possible again.
    ///
    /// @throws LogFailedException if the disk still fails
    public void repair() {
        appender.repair();
    }

    /// Returns the LSN of the newest acknowledged record.
    public long newestLsn() {
        return segments.view().newest().lastLsn();
    }

    /// Returns the full name of the newest segment's file.
    public String newestFile() {
        return disk.path(segments.view().newest().name());
    }

    /// Returns the journal position after the newest acknowledged record.
    public long newestPosition() {
        return segments.view().newest().lastPosition();
    }

    /// Returns a cursor over the records from this LSN up to the newest one.
    public LogCursor readFrom(long lsn) {
        return new LogCursor(disk, segments, lsn);
    }

    /// Returns the record that holds the journal position.
    public Optional<LogRecord> recordHolding(long position) {
        return reads.after(position - 1).filter(record -> record.holds(position));
    }

    /// Returns the first record with an event after the journal position.
    public Optional<LogRecord> recordAfter(long position) {
        return reads.after(position);
    }

    /// Returns the records with events after the journal position, in order, until they reach `events` positions
    /// beyond it. Returns at most `limit` records, possibly fewer. Empty at the end of the log.
    public List<LogRecord> recordsAfter(long position, long events, int limit) {
        return reads.after(position, events, limit);
    }

    /// Returns the oldest record with events.
    public Optional<LogRecord> oldest() {
        return reads.after(-1);
    }

    /// Returns the newest record with events.
    public Optional<LogRecord> newest() {
        return recordHolding(newestPosition()).or(reads::newest);
    }

    /// Refuses a log that lacks events that were not removed. The log cannot distinguish removed segments from
    /// missing ones if a snapshot replaces them.
    ///
    /// @param position journal position up to which events may have been removed
    /// @throws LogDamagedException if the oldest segment begins after it
    public void requireEventsBehind(long position) {
        var oldest = segments.view().get(0);
        if (oldest.header().position() > position) {
            throw new LogDamagedException(
                    disk.path(oldest.name()),
                    0,
                    "the segment before it, with events after position %d, is missing".formatted(position));
        }
    }

    /// Returns all segments, oldest first.
    public List<SegmentInfo> segments() {
        var view = segments.view();
        return IntStream.range(0, view.count())
                .mapToObj(i -> SegmentInfo.of(view.get(i), i < view.closed().size()))
                .toList();
    }

    /// Removes the oldest closed segments while they end at or before the position and before the LSN. Keeps all
    /// records after [SnapshotFiles#coveredLsn], because a start may need them.
    public void removeTo(long position, long upToLsn) {
        try {
            retention.removeTo(position, Math.min(upToLsn, snapshots.coveredLsn() + 1));
        } catch (IOException e) {
            throw new LogFailedException("Failed to remove a segment: " + e + "; check the disk.", e);
        }
    }

    /// Deletes files that are kept for reuse, and later all segments that exist now instead of reusing them. Nothing
    /// that was in the log before can be read from the disk once retention has removed these segments. Must not run
    /// beside an append.
    public void stopReuse() {
        try {
            retention.stopReuse();
        } catch (IOException e) {
            throw new LogFailedException("Failed to delete a spare segment: " + e + "; check the disk.", e);
        }
    }

    /// Rewrites a closed segment without the records, or parts of payloads, that the filter drops. The segment must
    /// end at or before [SnapshotFiles#coveredLsn].
    ///
    /// @param firstLsn LSN of the segment's first record
    public void compact(long firstLsn, RecordFilter filter) {
        try {
            retention.compact(firstLsn, snapshots.coveredLsn(), filter);
        } catch (IOException e) {
            throw new LogFailedException("Failed to compact a segment: " + e + "; check the disk.", e);
        }
    }

    /// Seals the newest record, marks the end of the log and unlocks the directory.
    @Override
    public void close() {
        appender.close();
        try {
            StopMarker.write(disk, newestLsn());
        } catch (IOException e) {
            LOG.warn(
                    "Failed to mark the end of the log; the next start may not notice a missing segment: {}",
                    e.toString());
        }
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("Failed to unlock the log: {}", e.toString());
        }
    }
}
