package dev.tidemark.store.embedded;

import dev.tidemark.log.SegmentInfo;
import dev.tidemark.store.rules.StoreUpkeep;
import dev.tidemark.store.sql.PeriodicTask;
import dev.tidemark.store.sql.StoreThreadPools;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the periodic work of the store on a separate thread. Saves heartbeats, seals an idle log, takes snapshots,
/// removes segments that retention has emptied, and repairs a log or index that failed.
final class StoreHousekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreHousekeeping.class);
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(5);

    private final CommitLog log;
    private final StoreIndex index;
    private final StoreUpkeep upkeep;
    private final StoreSnapshots snapshots;
    private final JournalReader journal;
    private final StoreThreadPools threads;
    private final Duration pause;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("store-housekeeping").unstarted(this::run);
    /// first LSNs of segments that compaction would not halve
    private final Set<Long> uncompactable = new HashSet<>();

    private final List<PeriodicTask> tasks;
    private long lastNewest;
    /// number of forgotten mailboxes whose records cannot be in a file that is reused
    private int discarded;
    /// number of forgotten mailboxes whose rows cannot be in the file of the index
    private int erased;

    StoreHousekeeping(
            CommitLog log,
            StoreIndex index,
            StoreUpkeep upkeep,
            StoreSnapshots snapshots,
            JournalReader journal,
            StoreThreadPools threads,
            Duration pause) {
        this.log = log;
        this.index = index;
        this.upkeep = upkeep;
        this.snapshots = snapshots;
        this.journal = journal;
        this.threads = threads;
        this.pause = pause;
        this.tasks = List.of(
                new PeriodicTask("The store", pause, pause, this::write),
                new PeriodicTask("The snapshot of the store", pause, MAX_BACKOFF, this::snapshotIfDue),
                new PeriodicTask("The index of the store", pause, pause, this::rebuildIndex),
                new PeriodicTask("The removal of old files of the store", pause, MAX_BACKOFF, this::discardOldFiles));
    }

    /// @param erasedBefore number of forgotten mailboxes whose rows were never in the index
    void start(int erasedBefore) {
        erased = erasedBefore;
        thread.start();
    }

    private void run() {
        try {
            while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                tasks.forEach(PeriodicTask::tick);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        upkeep.probe();
        upkeep.releaseGaps();
        upkeep.saveHeartbeats();
        upkeep.eraseForgotten();
        sealIfIdle();
    }

    private void snapshotIfDue() {
        if (snapshots.isDue() && !log.isPinned()) {
            snapshot();
        }
    }

    /// Fills a failed index again. Units of work wait only while the latest changes are added.
    private void rebuildIndex() {
        if (index.isComplete()) {
            return;
        }
        var end = index.begin(sink -> log.readStateSoFar(sink).end());
        upkeep.withWriteLock(() -> {
            index.complete(sink -> log.readStateAfter(end, sink));
            return log;
        });
        LOG.info("Rebuilt the index of the store");
    }

    /// Deletes files that are kept for reuse after a mailbox was forgotten: they may hold its old records.
    private void discardOldFiles() {
        var forgotten = upkeep.forgottenMailboxes();
        if (forgotten != discarded) {
            threads.tidy(() -> CommitLog.checked(() -> threads.write(() -> {
                log.records().stopReuse();
                return log;
            })));
            discarded = forgotten;
        }
    }

    /// Moves the index to another file if rows of forgotten mailboxes may be left in this one. The newest snapshot must
    /// not hold such rows.
    ///
    /// @param erasedNow number of mailboxes whose rows were removed before that snapshot
    private void renewIndex(int erasedNow) {
        if (erasedNow == erased || !index.isComplete()) {
            return;
        }
        var next = index.beginReplacement(sink -> log.readStateSoFar(sink).end());
        upkeep.withWriteLock(() -> {
            index.replace(next, sink -> log.readStateAfter(next.end(), sink));
            return log;
        });
        erased = erasedNow;
        LOG.info("Moved the index of the store to a new file, without rows of forgotten mailboxes");
    }

    private void sealIfIdle() {
        var newest = log.records().newestLsn();
        if (newest == lastNewest) {
            upkeep.withWriteLock(() -> {
                log.seal();
                return log;
            });
        }
        lastNewest = newest;
    }

    /// Takes a snapshot, then removes and compacts segments that end before the older of the two snapshots.
    void snapshot() {
        discardOldFiles();
        var erasedBefore = upkeep.erasedMailboxes();
        threads.tidy(() -> CommitLog.checked(() -> {
            snapshots.take();
            if (!log.isPinned()) {
                tidy();
            }
            return log;
        }));
        renewIndex(erasedBefore);
    }

    private void tidy() {
        var covered = log.records().snapshots().coveredLsn();
        log.records().removeTo(journal.prunedTo(), covered + 1);
        var segments = log.records().segments();
        uncompactable.retainAll(segments.stream().map(SegmentInfo::firstLsn).toList());
        segments.stream()
                .filter(segment -> segment.isClosed() && !segment.isCompacted() && segment.lastLsn() <= covered)
                .filter(segment -> !uncompactable.contains(segment.firstLsn()))
                .forEach(segment -> compactIfWorthwhile(segment.firstLsn(), segment.lastLsn(), segment.bytes()));
    }

    /// Compacts a segment to its events if it consists mostly of heartbeats and sink positions, which the
    /// snapshots hold.
    private void compactIfWorthwhile(long firstLsn, long lastLsn, long bytes) {
        var kept = new long[1];
        log.forEachRecord(
                firstLsn,
                lastLsn,
                record -> kept[0] += StoreRecord.readJournal(record.payload()).stream()
                        .filter(row -> row.end() > journal.prunedTo())
                        .mapToLong(row -> row.body().length)
                        .sum());
        if (kept[0] < bytes / 2) {
            log.records().compact(firstLsn, record -> StoreRecord.journalOnly(record.payload()));
        } else {
            uncompactable.add(firstLsn);
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
