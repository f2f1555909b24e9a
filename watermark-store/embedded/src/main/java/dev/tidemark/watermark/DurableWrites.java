package dev.tidemark.watermark;

import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The two ways to make a change last. What only appends to the journal is forced into the [WriteAheadLog],
/// and H2 gets round to it in its own time; everything else waits for H2 to write and force all there is.
/// Used under the write lock.
final class DurableWrites implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DurableWrites.class);

    private final JdbcRunner jdbc;
    private final WriteAheadLog log;
    private final ExecutorService background = Executors.newSingleThreadExecutor(
            work -> Thread.ofPlatform().daemon().name("store-checkpoint").unstarted(work));
    /// what H2 was told last; not to be relied on after a failure
    private InstanceTable.LogStart told = new InstanceTable.LogStart(0, 0);

    /// @param database without the suffix of its file
    DurableWrites(JdbcRunner jdbc, String database, Forcing forcing) {
        this.jdbc = jdbc;
        this.log = new WriteAheadLog(database, forcing.turnBytes(), forcing.forced());
    }

    /// Gives H2 what a crash took from it. The log keeps it until [#begin].
    ///
    /// @throws StoreException if H2's file and the log do not belong together
    void complete() {
        new InstanceTable(jdbc).find().ifPresent(this::restore);
    }

    /// Gives H2 what a crash took from it, and starts a new epoch of the log.
    ///
    /// @param stored what H2 says of itself
    /// @throws StoreException if H2's file and the log do not belong together
    void begin(InstanceTable.Stored stored) {
        if (log.isFresh() && stored.log().epoch() != 0 && !stored.instance().stoppedCleanly()) {
            LOG.warn("The store was not stopped cleanly and its write-ahead log is gone: the newest events may be"
                    + " missing, and Exchange is asked for them again");
        }
        if (stored.log().epoch() == 0 && log.hasRows()) {
            throw new StoreException(
                    "The store's file is new, but its write-ahead log (.wal0, .wal1) is of one that was"
                            + " used: put that file back, or a back-up of it, or move the log's files away to begin anew.");
        }
        restore(stored);
        var epoch = new SecureRandom().nextLong();
        told = new InstanceTable.LogStart(epoch, 1);
        jdbc.write(tx -> InstanceTable.setLog(tx, told));
        log.begin(epoch);
    }

    /// After a write that failed: H2 may have opened its file anew, and forgotten what it had not forced.
    void mend() {
        told = new InstanceTable.LogStart(0, 0);
        complete();
        log.allSafe();
    }

    private void restore(InstanceTable.Stored stored) {
        var rows = log.rows(stored.log());
        if (!rows.isEmpty()) {
            refuseHoles(rows, stored.end());
            jdbc.write(tx -> rows.forEach(row -> JournalTable.put(tx, row)));
            LOG.info("{} rows of the journal were taken from the write-ahead log", rows.size());
        }
    }

    /// Behind a hole all mailboxes' chains would go on as if nothing were missing, and nobody would ask for
    /// it.
    private void refuseHoles(List<JournalRow> rows, long givenOut) {
        var end = Math.max(
                givenOut,
                new JournalTable(jdbc).newest().map(JournalTable.Extent::end).orElse(0L));
        for (var row : rows) {
            if (row.position() > end + 1) {
                throw new StoreException("The store's file ends at event " + end + ", and its write-ahead log (.wal0,"
                        + " .wal1) goes on at event " + row.position() + "; put back all files of one copy that was"
                        + " made while Tidemark was stopped, or move the log's files away, and what is missing is"
                        + " asked of Exchange again.");
            }
            end = Math.max(end, row.end());
        }
    }

    /// Runs `work` as one transaction and returns once it is on stable storage.
    ///
    /// @throws StoreException if nobody knows whether it is
    void write(Consumer<JdbcRunner.Tx> work) {
        var start = log.oldest();
        jdbc.write(tx -> {
            tell(tx, start);
            work.accept(tx);
        });
        told = start;
        log.allSafe();
    }

    /// Returns once `rows` are on stable storage.
    ///
    /// @throws StoreException if nobody knows whether they are
    void append(List<JournalRow> rows) {
        var start = log.oldest();
        jdbc.writeUnforced(
                tx -> {
                    tell(tx, start);
                    rows.forEach(row -> JournalTable.insert(tx, row));
                },
                () -> {
                    log.append(rows);
                    turnIfDue();
                });
        told = start;
    }

    /// Runs `work` as one transaction, which lasts once [#snapshot] and [#settle] have returned after it.
    void defer(Consumer<JdbcRunner.Tx> work) {
        var start = log.oldest();
        jdbc.writeUnforced(
                tx -> {
                    tell(tx, start);
                    work.accept(tx);
                },
                () -> {});
        told = start;
    }

    /// What H2 has begun to write.
    ///
    /// @param ended the generation of the log that H2 has all of then; as [WriteAheadLog#turnIfFree] says it
    record Begun(H2Snapshot snapshot, long ended) {}

    /// Begins to write what was deferred, for [#settle]; where H2 is busy with its file, it is written and
    /// forced at once, and nothing is left to be settled.
    Optional<Begun> snapshot() {
        var begun = new AtomicReference<Optional<Begun>>(Optional.empty());
        jdbc.writeUnforced(
                tx -> {}, () -> begun.set(jdbc.beginSnapshot().map(snapshot -> new Begun(snapshot, log.turnIfFree()))));
        if (begun.get().isEmpty()) {
            write(tx -> {});
        }
        return begun.get();
    }

    /// Waits until what was deferred lasts. Not under the write lock: others go on meanwhile.
    ///
    /// @throws StoreException if nobody knows whether it does
    void settle(Begun begun) {
        jdbc.completeSnapshot(begun.snapshot());
        log.safe(begun.ended());
    }

    private void tell(JdbcRunner.Tx tx, InstanceTable.LogStart start) {
        if (!start.equals(told)) {
            InstanceTable.setLog(tx, start);
        }
    }

    /// H2 takes its snapshot here, between two transactions, and writes it while the log goes on.
    private void turnIfDue() {
        if (log.due()) {
            jdbc.beginSnapshot()
                    .map(snapshot -> new Begun(snapshot, log.turn()))
                    .ifPresent(this::settleBeside);
        }
    }

    private void settleBeside(Begun begun) {
        background.execute(() -> settleQuietly(begun));
    }

    private void settleQuietly(Begun begun) {
        try {
            settle(begun);
        } catch (RuntimeException e) {
            LOG.debug("H2 could not write; the next change will notice.", e);
        }
    }

    /// After H2 has everything for good, at the end.
    void delete() {
        background.close();
        log.delete();
    }

    @Override
    public void close() {
        background.close();
        log.close();
    }
}
