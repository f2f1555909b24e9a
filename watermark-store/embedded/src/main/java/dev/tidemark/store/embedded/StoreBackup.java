package dev.tidemark.store.embedded;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.transfer.CopyProgress;
import dev.tidemark.store.transfer.StoreCopy;
import dev.tidemark.store.transfer.StoreCopy.RestorePoint;
import dev.tidemark.store.transfer.StoreSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// Backup of a store in a directory: the files of an embedded store, and a description of them. Used by any thread.
///
/// @param instance name of the deployment
/// @param position position of the newest event
/// @param createdAt time of the backup
public record StoreBackup(Path directory, String instance, long position, Instant createdAt) {
    private static final String DESCRIPTION = "backup.properties";
    private static final String FORMAT = "1";
    private static final String STORE = "tidemark";

    /// Copies a store, concurrently with all other work on it, to a directory that appears when it is complete.
    ///
    /// @param to absent or empty
    /// @param minFree bytes that the disk of the backup keeps free
    /// @param progress receives the number of rows copied so far, every 10,000 rows
    /// @throws StoreException if the directory is not empty, the store is damaged, or a disk fails or fills up
    public static StoreBackup create(
            StoreSource source, String instance, Path to, long minFree, Clock clock, CopyProgress progress) {
        try {
            if (!StoreDirectories.isEmpty(to)) {
                throw new StoreException("The directory " + to + " is not empty; name one that does not exist yet.");
            }
            var partial = StoreDirectories.partial(to);
            if (to.toString().endsWith(StoreDirectories.PARTIAL)) {
                throw new StoreException(
                        "The name of " + to + " is that of an incomplete backup; name another directory.");
            }
            StoreDirectories.delete(partial);
            try (var target = LogTarget.create(files(partial).log(), clock, new BackupPace(minFree))) {
                var createdAt = clock.instant();
                var backup = new StoreBackup(to, instance, StoreCopy.copy(source, target, progress), createdAt);
                backup.describe(partial);
                StoreDirectories.replace(partial, to);
                return backup;
            } finally {
                StoreDirectories.delete(partial);
            }
        } catch (IOException e) {
            throw StoreErrorTranslator.failed(e);
        }
    }

    /// Completes a copy of a store's files to a backup. Reads the whole copy, so that damage is found now.
    ///
    /// @param partial directory that holds the copied log
    /// @param to absent or empty
    /// @throws StoreException if the copy is damaged
    static StoreBackup complete(Path partial, Path to, Clock clock) throws IOException {
        var instance = new AtomicReference<>("");
        try (var source = RestoreSource.open(files(partial), clock)) {
            var position = source.read(change -> {
                if (change instanceof Change.InstanceSaved saved) {
                    instance.set(saved.name());
                }
            });
            var backup = new StoreBackup(to, instance.get(), position, clock.instant());
            backup.describe(partial);
            StoreDirectories.replace(partial, to);
            return backup;
        }
    }

    /// Returns the directories of backups that are in progress or were cut off.
    static List<Path> incompleteIn(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(StoreDirectories.PARTIAL))
                    .filter(file -> !logs(file).isEmpty())
                    .toList();
        }
    }

    /// Returns the log of an incomplete backup, under the name that it has.
    static List<Path> logs(Path partial) {
        var log = files(partial).log();
        return Stream.of(log, StoreDirectories.partial(log))
                .filter(Files::isDirectory)
                .toList();
    }

    /// Returns the places of the files of a backup.
    static StoreFiles files(Path directory) {
        return new StoreFiles(directory, STORE);
    }

    private void describe(Path partial) throws IOException {
        var description = new Properties();
        description.setProperty("format", FORMAT);
        description.setProperty("instance", instance);
        description.setProperty("position", String.valueOf(position));
        description.setProperty("createdAt", createdAt.toString());
        var file = partial.resolve(DESCRIPTION);
        try (var out = Files.newOutputStream(file)) {
            description.store(out, "Backup of a Tidemark store");
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /// Reads the description of a backup.
    ///
    /// @throws StoreException if the directory holds no backup, or one of a later version
    public static StoreBackup find(Path directory) {
        var description = new Properties();
        try (var in = Files.newInputStream(directory.resolve(DESCRIPTION))) {
            description.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new StoreException(
                    directory + " holds no backup; name the directory that 'tidemark backup' made.", e);
        }
        if (!FORMAT.equals(description.getProperty("format"))) {
            throw new StoreException("The backup in " + directory
                    + " was written by a later version of Tidemark; use that version, or a later one.");
        }
        try {
            return new StoreBackup(
                    directory,
                    description.getProperty("instance", ""),
                    Long.parseLong(description.getProperty("position", "")),
                    Instant.parse(description.getProperty("createdAt", "")));
        } catch (NumberFormatException | DateTimeParseException e) {
            throw new StoreException(
                    "The description of the backup in " + directory + " is damaged; use another backup.", e);
        }
    }

    /// Returns the numbers that a restore at this time leaves out.
    public RestorePoint restorePoint(Clock clock) {
        return RestorePoint.of(position, Duration.between(createdAt, clock.instant()));
    }

    /// Opens the backup for a restore, which writes nothing to it. The caller closes it.
    ///
    /// @throws StoreException if it is damaged
    public StoreSource open(Clock clock) {
        try {
            return RestoreSource.open(files(directory), clock);
        } catch (IOException e) {
            throw StoreErrorTranslator.failed(e);
        }
    }
}
