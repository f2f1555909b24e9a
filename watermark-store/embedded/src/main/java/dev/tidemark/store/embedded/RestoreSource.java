package dev.tidemark.store.embedded;

import dev.tidemark.log.FileLogDisk;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.transfer.StoreSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Consumer;

/// Backup that a restore reads. Its directory may be read-only: new files of the log and the index are in a temporary
/// one, which [#close] deletes.
record RestoreSource(StoreSource store, Path scratch) implements StoreSource {
    static RestoreSource open(StoreFiles backup, Clock clock) throws IOException {
        var scratch = Files.createTempDirectory("tidemark-restore");
        try {
            var disk = new BackupDisk(new FileLogDisk(backup.log()), new FileLogDisk(scratch));
            var index = IndexPlace.inFile(scratch.resolve("index"));
            return new RestoreSource(ClosedStoreSource.open(backup, disk, index, clock), scratch);
        } catch (RuntimeException e) {
            StoreDirectories.delete(scratch);
            throw e;
        }
    }

    @Override
    public long read(Consumer<Change> sink) {
        return store.read(sink);
    }

    @Override
    public void close() {
        try {
            store.close();
        } finally {
            deleteScratch();
        }
    }

    private void deleteScratch() {
        try {
            StoreDirectories.delete(scratch);
        } catch (IOException e) {
            throw StoreErrorTranslator.failed(e);
        }
    }
}
