package dev.tidemark.watermark.embedded;

import dev.tidemark.log.SnapshotWriter;
import dev.tidemark.watermark.change.Change;
import dev.tidemark.watermark.change.ChangeKey;
import dev.tidemark.watermark.rules.StoreUpkeep;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes the state of the store as a snapshot, so that a start need not read more of the log than lies behind it. Rows
/// of the index come from the last snapshot and the log, never from the index; mailboxes come from memory. Used by one
/// thread beside all others.
final class StoreSnapshots {
    /// A start reads so much of the log in about a second.
    private static final long MOST_LOG = 256L << 20;

    /// Changes of state that a snapshot holds in memory while it is made.
    private static final long MOST_STATE = 32L << 20;

    /// Retention needs a snapshot behind what it removes.
    private static final Duration OLDEST = Duration.ofHours(12);

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
        this.last = clock.instant();
    }

    boolean isDue() {
        var age = Duration.between(last, clock.instant());
        return log.bytesSinceSnapshot() > MOST_LOG
                || log.stateSinceSnapshot() > MOST_STATE
                || age.isNegative()
                || (age.compareTo(OLDEST) > 0 && log.bytesSinceSnapshot() > 0);
    }

    /// Writes a snapshot.
    ///
    /// @throws StoreException if the disk fails; the last one stays in use
    void take() {
        last = clock.instant();
        var bytes = log.bytesSinceSnapshot();
        var state = log.stateSinceSnapshot();
        var end = upkeep.alone(
                () -> new End(log.records().newestLsn(), log.records().newestPosition()));
        try (var writer = log.records().snapshots().write(end.lsn(), end.position(), last.toEpochMilli())) {
            var slices = new Slices(writer);
            var newer = new NewerRows();
            log.forEachRecord(
                    log.snapshot().orElse(0) + 1,
                    end.lsn(),
                    record -> StoreRecord.readState(record.payload(), newer::take));
            log.snapshot()
                    .ifPresent(lsn -> log.readSnapshot(
                            lsn, change -> newer.ifCurrent(change).ifPresent(slices::add)));
            newer.rows().forEach(slices::add);
            slices.add(new Change.JournalPruned(journal.prunedTo()));
            upkeep.forEachMailbox(slices::add);
            slices.flush();
            writer.complete();
        }
        log.snapshotTaken(end.lsn(), bytes, state);
    }

    private record End(long lsn, long position) {}

    /// Rows that were saved, removed or pruned since the last snapshot; the keys of all of them hide older rows.
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

        /// Returns a row of the last snapshot unless it was replaced, removed or pruned since.
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
                    || change instanceof Change.DeferralRemoved
                    || change instanceof Change.DeadLetterRemoved
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
