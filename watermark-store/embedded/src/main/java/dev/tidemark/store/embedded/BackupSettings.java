package dev.tidemark.store.embedded;

import dev.tidemark.log.FileLogDisk;
import dev.tidemark.log.LogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Settings of backups.
///
/// @param directory directory below which backups may be written; empty if none is configured
/// @param minFree bytes that the disk of a backup keeps free
public record BackupSettings(Optional<Path> directory, long minFree) {
    private static final Logger LOG = LoggerFactory.getLogger(BackupSettings.class);

    /// Removes what backups left that a kill of the daemon ended. Leaves a backup of another process that is in
    /// progress. Called by the start.
    public void removeIncomplete() {
        directory.filter(Files::isDirectory).ifPresent(BackupSettings::removeIncompleteIn);
    }

    private static void removeIncompleteIn(Path directory) {
        try {
            for (var partial : StoreBackup.incompleteIn(directory)) {
                if (isUnused(StoreBackup.logs(partial))) {
                    StoreDirectories.delete(partial);
                    LOG.info("Removed the incomplete backup {}", partial);
                }
            }
        } catch (IOException e) {
            LOG.warn(
                    "Failed to remove incomplete backups in {}: {}; remove them by hand",
                    directory,
                    StoreErrorTranslator.reason(e));
        }
    }

    private static boolean isUnused(List<Path> logs) throws IOException {
        for (var log : logs) {
            try {
                new FileLogDisk(log).lock().close();
            } catch (LogException e) {
                LOG.debug("{} is in use", log, e);
                return false;
            }
        }
        return true;
    }
}
