package dev.tidemark.store.embedded;

import dev.tidemark.log.SnapshotWriter;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ChangeKey;
import dev.tidemark.store.rules.StoreUpkeep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes the state of the store as a snapshot, which limits the log that a start reads. Rows of the index come
/// from the last snapshot and the log, never from the index; mailboxes come from memory. Used by one thread beside
/// all others.
final class StoreSnapshots {
    /// Limit of log bytes after the last snapshot. A start reads them in about a second.
    private static final long MAX_LOG_BYTES = 256L << 20;

    /// Limit of state changes in bytes. [#take] holds them in memory.
    private static final long MAX_STATE_BYTES = 32L << 20;

    /// Age limit of the last snapshot. Retention removes only segments that two snapshots cover.
    private static final Duration MAX_AGE = Duration.ofHours(12);

    private final CommitLog log;
    private final StoreUpkeep upkeep;
    private final JournalReader journal;
    private final Clock clock;
    private Instant last;

    StoreSnapshots(CommitLog log, StoreUpkeep upkeep, JournalReader journal, Clock clock) {
        this.log = log;
        this.upkeep = upkeep;
        this.journal = journal;
        this.clock = clock;
        this.last = log.snapshotBegunAt();
    }

    boolean isDue() {
        var age = Duration.between(last, clock.instant());
        return log.bytesSinceSnapshot() > MAX_LOG_BYTES
                || log.stateSinceSnapshot() > MAX_STATE_BYTES
                || age.isNegative()
                || (age.compareTo(MAX_AGE) > 0 && log.bytesSinceSnapshot() > 0);
    }

    /// Writes a snapshot.
    ///
    /// @throws dev.tidemark.log.LogException if the disk fails; the last snapshot stays in use
    void take() {
        var now = clock.instant();
        var bytes = log.bytesSinceSnapshot();
        var state = log.stateSinceSnapshot();
        var end = upkeep.withWriteLock(
                () -> new End(log.records().newestLsn(), log.records().newestPosition()));
        try (var writer = log.records().snapshots().write(end.lsn(), end.position(), now.toEpochMilli())) {
            var slices = new Slices(writer);
            var newer = new NewerRows();
            var base = log.snapshot();
            log.forEachRecord(
                    base.orElse(0) + 1, end.lsn(), record -> StoreRecord.readState(record.payload(), newer::take));
            base.ifPresent(lsn ->
                    log.readSnapshot(lsn, change -> newer.ifCurrent(change).ifPresent(slices::add)));
            newer.rows().forEach(slices::add);
            slices.add(new Change.JournalPruned(journal.prunedTo()));
            upkeep.forEachMailbox(slices::add);
            slices.flush();
            writer.complete();
        }
        last = now;
        log.snapshotTaken(bytes, state);
    }

    private record End(long lsn, long position) {}

    /// Rows saved, removed or pruned since the last snapshot. Their keys hide the rows of that snapshot.
    private static final class NewerRows {
        private final Map<ChangeKey, Optional<Change>> rows = new LinkedHashMap<>();
        private long detailsPruned = -1;

        void take(Change change) {
            if (change instanceof Change.DetailsPruned(var upTo)) {
                detailsPruned = Math.max(detailsPruned, upTo);
                rows.replaceAll((key, row) -> row.filter(it -> !isPruned(it)));
            }
            key(change).ifPresent(key -> rows.put(key, Optional.of(change).filter(it -> !isRemoval(it))));
        }

        /// Returns the row of the last snapshot, or empty if it was replaced, removed or pruned since.
        Optional<Change> ifCurrent(Change change) {
            return key(change)
                    .filter(key -> !rows.containsKey(key) && !isPruned(change))
                    .map(key -> change);
        }

        private boolean isPruned(Change change) {
            return switch (change) {
                case Change.DetailSaved(var position, var ignored) -> position.value() <= detailsPruned;
                case Change.DetailSpanSaved(var group, var from, var to) ->
                    to.filter(end -> end.value() <= detailsPruned).isPresent();
                default -> false;
            };
        }

        private static boolean isRemoval(Change change) {
            return change instanceof Change.FolderStateRemoved
                    || change instanceof Change.SinkRemoved
                    || change instanceof Change.DeferralRemoved
                    || change instanceof Change.DeadLetterRemoved
                    || change instanceof Change.DetailRemoved
                    || change instanceof Change.MailboxLocationRemoved
                    || change instanceof Change.ReplayRemoved;
        }

        private static Optional<ChangeKey> key(Change change) {
            return ChangeKey.of(change).filter(key -> key.table() != ChangeKey.Table.MAILBOX);
        }

        List<Change> rows() {
            return rows.values().stream().flatMap(Optional::stream).toList();
        }
    }

    /// Packs changes into slices of the snapshot.
    private static final class Slices {
        private final SnapshotWriter writer;
        private final List<Change> some = new ArrayList<>();
        private int size;

        Slices(SnapshotWriter writer) {
            this.writer = writer;
        }

        void add(Change change) {
            var length = StoreRecord.write(List.of(change)).length;
            if (size + length > SnapshotWriter.SLICE_BYTES) {
                flush();
            }
            some.add(change);
            size += length;
        }

        void flush() {
            if (!some.isEmpty()) {
                writer.write(StoreRecord.write(some));
                some.clear();
                size = 0;
            }
        }
    }
}
