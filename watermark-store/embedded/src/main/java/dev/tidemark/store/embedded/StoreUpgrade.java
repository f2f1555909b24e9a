package dev.tidemark.store.embedded;

import dev.tidemark.log.FileLogDisk;
import dev.tidemark.log.LogException;
import dev.tidemark.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Backs up a store of an earlier format before this version writes to it. The backup has the bytes of the earlier
/// version, so that version can restore it. A small file in the store's folder holds the format. Called by each start
/// before it opens the log. Not thread-safe.
final class StoreUpgrade {
    private static final Logger LOG = LoggerFactory.getLogger(StoreUpgrade.class);
    private static final String MARKER = "format";
    private static final String TEMPORARY = MARKER + ".tmp";
    private static final String LOCK = "lock";

    /// Format of stores without a marker.
    private static final int UNMARKED = 0;

    private final StoreFiles files;
    private final Path backups;
    private final int format;
    private final Clock clock;
    private final FileLogDisk disk;

    /// @param backups directory for the backup; created if it is missing
    /// @param format format that this version writes
    StoreUpgrade(StoreFiles files, Path backups, int format, Clock clock) {
        this.files = files;
        this.backups = backups;
        this.format = format;
        this.clock = clock;
        this.disk = new FileLogDisk(files.log());
    }

    /// Marks a store that this version has created.
    static void mark(Path log, int format) throws IOException {
        write(new FileLogDisk(log), log, format);
    }

    /// Backs up the store if its format is earlier, then marks it with the current format.
    ///
    /// @param minFree bytes that the disk keeps free beside the backup
    /// @throws StoreException if the store is in use or damaged, or the disk has no room for the backup or fails
    void prepare(long minFree) {
        try {
            var lock = disk.lock();
            try {
                upgrade(minFree);
            } finally {
                lock.close();
            }
        } catch (LogException e) {
            throw StoreErrorTranslator.ofLog(e);
        } catch (IOException e) {
            throw StoreErrorTranslator.failed(e);
        }
    }

    private void upgrade(long minFree) throws IOException {
        var found = isEmpty() ? format : read().orElse(UNMARKED);
        if (found < format) {
            LOG.warn(
                    "Upgrading the store from format {} to {}; backed it up to {}, from which the earlier version can"
                            + " restore it. Delete the backup when it is no longer needed",
                    found,
                    format,
                    backUp(found, minFree).directory());
        }
        if (found != format || !Files.exists(files.log().resolve(MARKER))) {
            write(disk, files.log(), format);
        }
    }

    private boolean isEmpty() throws IOException {
        return disk.list().stream().noneMatch(StoreUpgrade::isContent);
    }

    /// Returns false for the lock and for a marker that a kill left unfinished.
    private static boolean isContent(String name) {
        return !name.equals(LOCK) && !name.equals(TEMPORARY);
    }

    /// Returns the format of the marker; empty if it is missing or unreadable, which costs a backup and loses nothing.
    private OptionalInt read() throws IOException {
        var marker = files.log().resolve(MARKER);
        if (!Files.exists(marker)) {
            return OptionalInt.empty();
        }
        var text = Files.readString(marker).strip();
        return text.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
    }

    private static void write(FileLogDisk disk, Path log, int format) throws IOException {
        Files.writeString(log.resolve(TEMPORARY), format + "\n");
        force(log.resolve(TEMPORARY));
        disk.rename(TEMPORARY, MARKER);
        disk.forceDirectory();
    }

    private StoreBackup backUp(int found, long minFree) throws IOException {
        var sources = sources();
        createBackups();
        requireRoom(sources, minFree);
        var complete = unused(found);
        var partial = StoreDirectories.partial(complete);
        LOG.info("Backing up the store to {} before an upgrade; this takes longer for a large store", complete);
        StoreDirectories.delete(partial);
        var target = StoreBackup.files(partial).log();
        // creates the directory for its owner only
        new FileLogDisk(target).lock().close();
        for (var source : sources) {
            var copy = target.resolve(source.getFileName());
            Files.copy(source, copy);
            force(copy);
        }
        new FileLogDisk(target).forceDirectory();
        return StoreBackup.complete(partial, complete, clock);
    }

    private void createBackups() {
        try {
            Files.createDirectories(backups);
        } catch (IOException e) {
            throw new StoreException(
                    "This version changes the format of the store and first backs it up to " + backups
                            + ", which cannot be created: " + e
                            + "; set store.backup-directory to a directory that Tidemark can"
                            + " write.",
                    e);
        }
    }

    /// Returns the files of the store without the lock, which other programs cannot read on Windows.
    private List<Path> sources() throws IOException {
        return disk.list().stream()
                .filter(StoreUpgrade::isContent)
                .map(files.log()::resolve)
                .toList();
    }

    private void requireRoom(List<Path> sources, long minFree) throws IOException {
        var size = 0L;
        for (var source : sources) {
            size += Files.size(source);
        }
        var free = FreeSpaceMonitor.readFreeBytes(backups);
        if (free - size < minFree) {
            throw new StoreException("This version changes the format of the store and first backs it up to "
                    + backups + ", which needs " + size + " bytes beside store.min-free (" + minFree
                    + " bytes); only " + free + " are free. Make room, then start again.");
        }
    }

    private Path unused(int found) {
        return IntStream.iterate(1, number -> number + 1)
                .mapToObj(number ->
                        backups.resolve(files.name() + ".backup-format-" + found + (number == 1 ? "" : "-" + number)))
                .filter(path -> !Files.exists(path))
                .findFirst()
                .orElseThrow();
    }

    private static void force(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
