package dev.tidemark.store.embedded;

import dev.tidemark.store.engine.StorageHealth;
import dev.tidemark.values.DurationHistogram;
import java.util.Optional;
import java.util.OptionalLong;

/// Health of the store's folder: it exists and has free space. Thread-safe.
record FolderHealth(FreeSpaceMonitor space, StoreFileMonitor file, CommitLog log) implements StorageHealth {
    /// Returns a missing file or a full disk as the cause of a failed write.
    @Override
    public Optional<String> obstacle() {
        return file.obstacle().or(() -> space.enough() ? Optional.empty() : Optional.of(space.sentence()));
    }

    @Override
    public OptionalLong freeBytes() {
        return space.free();
    }

    @Override
    public DurationHistogram.Reading syncs() {
        return log.syncs();
    }

    @Override
    public long logBytes() {
        return log.bytes();
    }
}
