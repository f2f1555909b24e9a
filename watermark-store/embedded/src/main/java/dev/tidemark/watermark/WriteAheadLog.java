package dev.tidemark.watermark;

import java.util.Comparator;
import java.util.List;

/// Journal rows, forced to disk before H2 has them there: H2 rewrites pages of its trees and forces its file
/// for every commit that has to last, which costs many times what a row costs. Between two such commits of H2,
/// the log alone makes rows last.
///
/// It has two files that take turns. A generation is one turn; each may only be overwritten once H2 has its
/// rows for good. H2 is told from which generation on rows count, in the same file that the rows are in, so
/// what it has forgotten of the one it has forgotten of the other. An epoch is one run of the store: rows of
/// another, as beside a database that was restored from a copy, never count.
///
/// Safe for use by two threads: one writes, another says what is safe.
final class WriteAheadLog implements AutoCloseable {
    private static final List<String> SUFFIXES = List.of(".wal0", ".wal1");

    /// A turn is over when so much has been written.
    private final long fullAt;

    private final List<LogFile> files;
    private final boolean forced;
    private long epoch;
    private long generation;
    private int records;
    /// Whether the file of the generation before this one may be overwritten.
    private boolean free;

    /// @param database without the suffix of its file
    /// @param forced false only in tests, to see that they would notice
    WriteAheadLog(String database, long fullAt, boolean forced) {
        this.fullAt = fullAt;
        this.forced = forced;
        files = SUFFIXES.stream().map(suffix -> new LogFile(database + suffix)).toList();
    }

    /// Whether one of the files was not there.
    boolean isFresh() {
        return files.stream().anyMatch(LogFile::isFresh);
    }

    /// Whether anything was ever written to it, by any run.
    synchronized boolean hasRows() {
        return files.stream().anyMatch(file -> !file.read().isEmpty());
    }

    /// The rows that H2 may lack, oldest first, by what it says itself. Where a record cannot be read they have a
    /// hole; H2 may have what is missing, or not.
    synchronized List<JournalRow> rows(InstanceTable.LogStart known) {
        return files.stream()
                .flatMap(file -> file.read().stream())
                .filter(record ->
                        record.name().epoch() == known.epoch() && record.name().generation() >= known.generation())
                .sorted(Comparator.<LogRecord.Read>comparingLong(
                                record -> record.name().generation())
                        .thenComparingInt(record -> record.name().number()))
                .flatMap(record -> record.rows().stream())
                .toList();
    }

    /// Starts afresh; whatever the files hold is safe in H2, which knows of the new epoch.
    synchronized void begin(long newEpoch) {
        epoch = newEpoch;
        generation = 1;
        records = 0;
        free = true;
        files.forEach(LogFile::rewind);
    }

    /// Returns once `rows` are on stable storage.
    ///
    /// @throws StoreException if nobody knows whether they are
    synchronized void append(List<JournalRow> rows) {
        var record = LogRecord.write(new LogRecord.Name(epoch, generation, records), rows);
        records++;
        file().append(record, forced);
    }

    /// Whether it is time for the next turn, and possible.
    synchronized boolean due() {
        return free && file().end() >= fullAt;
    }

    /// From now on rows go to the other file. Returns the generation that ended, to be named to [#safe].
    synchronized long turn() {
        free = false;
        next();
        return generation - 1;
    }

    /// As [#turn], or -1 where the other file is not free.
    synchronized long turnIfFree() {
        return free && records > 0 ? turn() : -1;
    }

    /// H2 has the rows of `ended`, and all before it, for good.
    synchronized void safe(long ended) {
        if (ended == generation - 1) {
            free = true;
        }
    }

    /// H2 has all rows for good.
    synchronized void allSafe() {
        free = true;
        if (records > 0) {
            next();
        }
    }

    /// From where on H2 may lack rows.
    synchronized InstanceTable.LogStart oldest() {
        return new InstanceTable.LogStart(epoch, free ? generation : generation - 1);
    }

    private void next() {
        generation++;
        records = 0;
        file().rewind();
    }

    private LogFile file() {
        return files.get((int) (generation & 1));
    }

    /// H2 was closed in order and needs nothing of it.
    synchronized void delete() {
        files.forEach(LogFile::delete);
    }

    @Override
    public synchronized void close() {
        files.forEach(LogFile::close);
    }
}
