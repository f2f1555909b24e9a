package dev.tidemark.watermark.embedded;

import dev.tidemark.log.LogConfig;
import dev.tidemark.log.LogDisk;
import dev.tidemark.log.LogException;
import dev.tidemark.log.LogRecord;
import dev.tidemark.log.SegmentedLog;
import dev.tidemark.watermark.change.Change;
import dev.tidemark.watermark.change.JournalRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The durable truth of an embedded store: each commit is one record of [Change]s, forced before [#append] returns.
/// Everything else, in memory and in H2, is made from it at a start. Appends come from one thread at a time; any thread
/// reads. Errors are sentences for the operator.
final class CommitLog implements AutoCloseable {
    private final SegmentedLog log;
    private final StoreThreads threads;
    /// changed by appends and snapshots at the same time
    private final AtomicLong bytesSinceSnapshot = new AtomicLong();
    private final AtomicLong stateSinceSnapshot = new AtomicLong();
    private volatile OptionalLong snapshot;

    private CommitLog(SegmentedLog log, StoreThreads threads) {
        this.log = log;
        this.threads = threads;
        this.snapshot = log.snapshots().usable();
    }

    /// Opens or creates the log.
    ///
    /// @throws StoreException if it is damaged, in use, or the disk fails
    static CommitLog open(LogDisk disk, LogConfig config, InstantSource clock, StoreThreads threads) {
        return new CommitLog(checked(() -> threads.write(() -> SegmentedLog.open(disk, config, clock))), threads);
    }

    /// Writes `changes` as one record and forces it.
    ///
    /// @throws StoreException if the disk fails; then nothing of it counts, and [#repair] must succeed first
    void append(List<Change> changes, Instant at) {
        var rows = StoreRecord.rows(changes);
        var position = rows.isEmpty() ? log.newestPosition() : rows.getLast().end();
        var events =
                rows.stream().mapToInt(row -> Math.toIntExact(row.events())).sum();
        var payload = StoreRecord.write(changes);
        checked(() -> threads.write(() -> log.append(position, events, at.toEpochMilli(), payload)));
        bytesSinceSnapshot.addAndGet(payload.length);
        stateSinceSnapshot.addAndGet(payload.length
                - rows.stream().mapToLong(row -> row.body().length).sum());
    }

    /// Makes appends possible again after one failed.
    void repair() {
        checked(() -> threads.write(() -> {
            log.repair();
            return log;
        }));
    }

    /// Returns whether appends fail until [#repair] succeeds.
    boolean hasFailed() {
        return log.hasFailed();
    }

    /// Seals the newest record, so that damage to it is told from a torn write.
    void seal() {
        checked(() -> threads.write(() -> {
            log.sealIfIdle();
            return log;
        }));
    }

    /// Passes the newest snapshot and all later changes of state to `sink`, in order.
    void readState(Consumer<Change> sink) {
        reading(() -> {
            var base = snapshot;
            base.ifPresent(lsn -> readSnapshot(lsn, sink));
            var counts = new long[2];
            forEachRecord(behind(base), record -> {
                counts[0] += record.payload().length;
                counts[1] += StoreRecord.readState(record.payload(), sink);
            });
            bytesSinceSnapshot.set(counts[0]);
            stateSinceSnapshot.set(counts[1]);
            return sink;
        });
    }

    /// Passes the rows of the journal behind the newest snapshot to `sink`, in order.
    void readJournal(Consumer<JournalRow> sink) {
        reading(() -> {
            forEachRecord(
                    behind(snapshot),
                    record -> StoreRecord.readJournal(record.payload()).forEach(sink));
            return sink;
        });
    }

    /// Refuses a log that lacks events behind the position.
    ///
    /// @throws StoreException if a segment is missing
    void requireJournalBehind(long position) {
        reading(() -> {
            log.requireEventsBehind(position);
            return log;
        });
    }

    private static long behind(OptionalLong base) {
        return base.orElse(0) + 1;
    }

    /// Returns the LSN of the newest snapshot; empty if there is none.
    OptionalLong snapshot() {
        return snapshot;
    }

    /// Passes the changes of a snapshot to `sink`.
    void readSnapshot(long lsn, Consumer<Change> sink) {
        try (var reader = log.snapshots().read(lsn)) {
            for (var slice = reader.next(); slice.isPresent(); slice = reader.next()) {
                StoreRecord.readState(slice.get(), sink);
            }
        }
    }

    /// Passes all records with payload from `lsn` on to `sink`.
    private void forEachRecord(long lsn, Consumer<LogRecord> sink) {
        forEachRecord(lsn, Long.MAX_VALUE, sink);
    }

    /// Passes the records with payload from `first` to `last` to `sink`.
    void forEachRecord(long first, long last, Consumer<LogRecord> sink) {
        try (var cursor = log.readFrom(first)) {
            for (var record = cursor.next(); record.isPresent() && record.get().lsn() <= last; record = cursor.next()) {
                if (record.get().payload().length > 0) {
                    sink.accept(record.get());
                }
            }
        }
    }

    /// Runs `work`, which reads the log, on a thread that may touch its files.
    <T> T reading(Supplier<T> work) {
        return checked(() -> threads.read(work));
    }

    /// Returns the log itself; callers run within [#reading], or on threads of the store.
    SegmentedLog records() {
        return log;
    }

    long bytesSinceSnapshot() {
        return bytesSinceSnapshot.get();
    }

    /// Returns about how many bytes of changes to state a start has to apply behind the newest snapshot.
    long stateSinceSnapshot() {
        return stateSinceSnapshot.get();
    }

    /// Makes the snapshot of `lsn` the newest, and subtracts what it covers.
    void snapshotTaken(long lsn, long bytes, long state) {
        snapshot = OptionalLong.of(lsn);
        bytesSinceSnapshot.addAndGet(-bytes);
        stateSinceSnapshot.addAndGet(-state);
    }

    static <T> T checked(Supplier<T> work) {
        try {
            return work.get();
        } catch (LogException e) {
            throw StoreErrors.ofLog(e);
        }
    }

    @Override
    public void close() {
        checked(() -> threads.write(() -> {
            log.close();
            return log;
        }));
    }
}
