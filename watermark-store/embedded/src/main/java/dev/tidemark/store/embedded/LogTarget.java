package dev.tidemark.store.embedded;

import dev.tidemark.log.FileLogDisk;
import dev.tidemark.log.LogConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ChangeCodec;
import dev.tidemark.store.sql.StoreThreadPools;
import dev.tidemark.store.transfer.StoreTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Log in a new directory, which gets its name only when it is complete.
final class LogTarget implements StoreTarget {
    /// Size from which a record is written. It is small, because the log of a daemon that works waits while the disk
    /// forces a record of its backup, and because a read of one event reads its whole record.
    private static final int RECORD_BYTES = 1 << 16;

    private final Path directory;
    private final Path partial;
    private final Clock clock;
    private final CopyPace pace;
    private final StoreThreadPools threads = new StoreThreadPools(1);
    private final CommitLog log;
    private final List<Change> pending = new ArrayList<>();
    private int pendingBytes;
    private OptionalLong pendingEnd = OptionalLong.empty();
    private boolean isOpen = true;

    private LogTarget(Path directory, Path partial, Clock clock, CopyPace pace) {
        this.directory = directory;
        this.partial = partial;
        this.clock = clock;
        this.pace = pace;
        this.log = CommitLog.open(new FileLogDisk(partial), LogConfig.DEFAULT, clock, threads);
    }

    /// @param directory of the log; must be absent or empty
    /// @throws StoreException if it holds files, or the disk fails
    static LogTarget create(Path directory, Clock clock) {
        return create(directory, clock, CopyPace.FULL_SPEED);
    }

    /// Creates a log as [#create(Path, Clock)] does, at another pace.
    static LogTarget create(Path directory, Clock clock, CopyPace pace) {
        try {
            requireEmpty(directory);
            var partial = StoreDirectories.partial(directory);
            StoreDirectories.delete(partial);
            return new LogTarget(directory, partial, clock, pace);
        } catch (IOException e) {
            throw StoreErrorTranslator.failed(e);
        }
    }

    /// @throws StoreException if the directory holds files
    static void requireEmpty(Path directory) throws IOException {
        if (!StoreDirectories.isEmpty(directory)) {
            throw new StoreException(
                    "The store at " + directory + " is not empty; name another one, or move its files away.");
        }
    }

    @Override
    public void write(Change change) {
        if (change instanceof Change.JournalAppended(var row)) {
            // a record holds adjacent positions only
            if (pendingEnd.isPresent() && pendingEnd.getAsLong() + 1 != row.position()) {
                flush();
            }
            pendingEnd = OptionalLong.of(row.end());
        }
        pending.add(change);
        pendingBytes += change instanceof Change.JournalAppended(var row)
                ? row.body().length
                : StoreRecord.write(List.of(change)).length;
        if (pendingBytes > RECORD_BYTES) {
            flush();
        }
    }

    private void flush() {
        if (!pending.isEmpty()) {
            awaitTurn();
            var rows = StoreRecord.rows(pending);
            var at = rows.isEmpty()
                    ? clock.instant()
                    : Instant.ofEpochMilli(rows.getLast().recordedAt());
            log.append(pending, at);
            pending.clear();
            pendingBytes = 0;
            pendingEnd = OptionalLong.empty();
        }
    }

    private void awaitTurn() {
        try {
            pace.awaitTurn(partial);
        } catch (IOException e) {
            throw StoreErrorTranslator.failed(e);
        }
    }

    @Override
    public void complete(long newestPosition) {
        flush();
        log.skipTo(newestPosition, clock.instant());
        release();
        try {
            StoreUpgrade.mark(partial, ChangeCodec.FORMAT);
            StoreDirectories.replace(partial, directory);
        } catch (IOException e) {
            throw StoreErrorTranslator.failed(e);
        }
    }

    private void release() {
        if (isOpen) {
            isOpen = false;
            try {
                log.close();
            } finally {
                threads.close();
            }
        }
    }

    @Override
    public void close() {
        release();
        try {
            StoreDirectories.delete(partial);
        } catch (IOException e) {
            throw StoreErrorTranslator.failed(e);
        }
    }
}
