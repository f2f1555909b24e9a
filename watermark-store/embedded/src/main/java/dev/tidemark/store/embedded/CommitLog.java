package dev.tidemark.store.embedded;

import dev.tidemark.log.LogConfig;
import dev.tidemark.log.LogDisk;
import dev.tidemark.log.LogException;
import dev.tidemark.log.LogRecord;
import dev.tidemark.log.SegmentInfo;
import dev.tidemark.log.SegmentedLog;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.JournalRow;
import dev.tidemark.store.sql.StoreThreadPools;
import dev.tidemark.values.DurationHistogram;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/// Source of truth of an embedded store. Each commit is one record of [Change]s, forced before [#append] returns.
/// Each start builds the state in memory and in H2 from it. One thread at a time appends; any thread reads.
/// Exceptions carry a sentence for the operator.
final class CommitLog implements AutoCloseable {
    private final SegmentedLog log;
    private final StoreThreadPools threads;
    /// atomic, because appends and snapshots change it concurrently
    private final AtomicLong bytesSinceSnapshot = new AtomicLong();
    private final AtomicLong stateSinceSnapshot = new AtomicLong();
    private final AtomicInteger pins = new AtomicInteger();
    private final DurationHistogram syncs = DurationHistogram.ofOperations();
    private volatile boolean isClosing;

    private CommitLog(SegmentedLog log, StoreThreadPools threads) {
        this.log = log;
        this.threads = threads;
    }

    /// Opens or creates the log.
    ///
    /// @throws StoreException if it is damaged, in use, or the disk fails
    static CommitLog open(LogDisk disk, LogConfig config, InstantSource clock, StoreThreadPools threads) {
        return new CommitLog(checked(() -> threads.write(() -> SegmentedLog.open(disk, config, clock))), threads);
    }

    /// Writes `changes` as one record and forces it.
    ///
    /// @throws StoreException if the disk fails; then appends fail until [#repair] has discarded the changes
    void append(List<Change> changes, Instant at) {
        var rows = StoreRecord.rows(changes);
        var position = rows.isEmpty() ? log.newestPosition() : rows.getLast().end();
        var events =
                rows.stream().mapToInt(row -> Math.toIntExact(row.events())).sum();
        var payload = StoreRecord.write(changes);
        checked(() -> threads.write(() -> append(position, events, at.toEpochMilli(), payload)));
        bytesSinceSnapshot.addAndGet(payload.length);
        stateSinceSnapshot.addAndGet(payload.length
                - rows.stream().mapToLong(row -> row.body().length).sum());
    }

    private long append(long position, int events, long recordedAt, byte[] payload) {
        var started = System.nanoTime();
        var lsn = log.append(position, events, recordedAt, payload);
        syncs.recordNanos(System.nanoTime() - started);
        return lsn;
    }

    /// Returns the durations of the forced appends.
    DurationHistogram.Reading syncs() {
        return syncs.reading();
    }

    /// Returns the size of all records.
    long bytes() {
        return log.segments().stream().mapToLong(SegmentInfo::bytes).sum();
    }

    /// Leaves out the positions up to `position`, which no event will have.
    void skipTo(long position, Instant at) {
        if (position > log.newestPosition()) {
            var payload = StoreRecord.write(List.of());
            checked(() -> threads.write(() -> log.append(position, 0, at.toEpochMilli(), payload)));
        }
    }

    /// Keeps all segments and snapshots until [#unpin], because a copy reads them.
    void pin() {
        // on the thread of retention, so that none is running
        threads.tidy(pins::incrementAndGet);
    }

    void unpin() {
        pins.decrementAndGet();
    }

    /// Ends copies that are in progress, because the store closes.
    void stopCopies() {
        isClosing = true;
    }

    boolean isClosing() {
        return isClosing;
    }

    boolean isPinned() {
        return pins.get() > 0;
    }

    /// Discards a failed record and makes appends possible again.
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

    /// Seals the newest record, so that damage to it does not look like a torn write.
    void seal() {
        checked(() -> threads.write(() -> {
            log.sealIfIdle();
            return log;
        }));
    }

    /// Passes the newest snapshot and all later changes of state to `sink`, in order. Used by the start.
    void readState(Consumer<Change> sink) {
        var read = readStateSoFar(sink);
        bytesSinceSnapshot.set(read.bytes());
        stateSinceSnapshot.set(read.state());
    }

    /// Changes that were read.
    ///
    /// @param end LSN of the last record
    /// @param bytes size of the records after the snapshot
    /// @param state size of the changes of state among them
    record StateRead(long end, long bytes, long state) {}

    /// Passes the newest snapshot and all changes of state after it up to now to `sink`, in order, beside appends.
    StateRead readStateSoFar(Consumer<Change> sink) {
        return readStateSoFar(sink, bytes -> {});
    }

    /// Reads the state as [#readStateSoFar(Consumer)] does.
    ///
    /// @param pace receives the size of each record before it is read
    StateRead readStateSoFar(Consumer<Change> sink, IntConsumer pace) {
        return reading(() -> {
            var base = snapshot();
            base.ifPresent(lsn -> readSnapshot(lsn, sink));
            return readStateAfter(base.orElse(0), sink, pace);
        });
    }

    /// Passes the changes of state after a record up to now to `sink`, in order.
    StateRead readStateAfter(long lsn, Consumer<Change> sink) {
        return readStateAfter(lsn, sink, bytes -> {});
    }

    private StateRead readStateAfter(long lsn, Consumer<Change> sink, IntConsumer pace) {
        return reading(() -> {
            var end = log.newestLsn();
            var counts = new long[2];
            forEachRecord(lsn + 1, end, record -> {
                pace.accept(record.payload().length);
                counts[0] += record.payload().length;
                counts[1] += StoreRecord.readState(record.payload(), sink);
            });
            return new StateRead(end, counts[0], counts[1]);
        });
    }

    /// Passes the rows of the journal after the newest snapshot to `sink`, in order.
    void readJournal(Consumer<JournalRow> sink) {
        reading(() -> {
            forEachRecord(
                    behind(snapshot()),
                    record -> StoreRecord.readJournal(record.payload()).forEach(sink));
            return sink;
        });
    }

    /// Passes the rows of the journal up to a record, beside appends, to `sink`, in order.
    ///
    /// @param prunedTo position up to which retention has removed events
    /// @return position of the newest event
    long readJournalTo(long lsn, long prunedTo, Consumer<Change> sink) {
        return reading(() -> {
            var newest = new long[1];
            forEachRecord(log.segments().getFirst().firstLsn(), lsn, record -> {
                newest[0] = record.position();
                StoreRecord.readJournal(record.payload()).stream()
                        .filter(row -> row.end() > prunedTo)
                        .map(Change.JournalAppended::new)
                        .forEach(sink);
            });
            return newest[0];
        });
    }

    /// Refuses a log that lacks events after the position.
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

    /// Returns the start time of the newest snapshot, or of the log if there is none.
    Instant snapshotBegunAt() {
        return reading(() -> {
            var newest = snapshot();
            return Instant.ofEpochMilli(
                    newest.isPresent()
                            ? begunAt(newest.getAsLong())
                            : log.segments().getFirst().createdAt());
        });
    }

    private long begunAt(long lsn) {
        try (var reader = log.snapshots().read(lsn)) {
            return reader.createdAt();
        }
    }

    /// Returns the LSN of the newest snapshot on the disk, because a file may have been removed; empty if the log
    /// replaces all of them.
    OptionalLong snapshot() {
        return log.snapshot();
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

    /// Runs `work`, which reads the log, on a thread of the store.
    <T> T reading(Supplier<T> work) {
        return checked(() -> threads.read(work));
    }

    /// Returns the log itself; callers run within [#reading], or on threads of the store.
    SegmentedLog records() {
        return log;
    }

    /// Returns the file to which the log appends.
    Path newestFile() {
        return Path.of(log.newestFile());
    }

    long bytesSinceSnapshot() {
        return bytesSinceSnapshot.get();
    }

    /// Returns the approximate size in bytes of the state changes after the newest snapshot.
    long stateSinceSnapshot() {
        return stateSinceSnapshot.get();
    }

    /// Subtracts the bytes that a new snapshot covers.
    void snapshotTaken(long bytes, long state) {
        bytesSinceSnapshot.addAndGet(-bytes);
        stateSinceSnapshot.addAndGet(-state);
    }

    static <T> T checked(Supplier<T> work) {
        try {
            return work.get();
        } catch (LogException e) {
            throw StoreErrorTranslator.ofLog(e);
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
