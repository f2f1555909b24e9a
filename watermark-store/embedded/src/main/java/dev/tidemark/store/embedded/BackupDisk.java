package dev.tidemark.store.embedded;

import dev.tidemark.log.DiskFile;
import dev.tidemark.log.LogDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Log directory of a backup that stays as it is: new files go to a second directory, and removed ones are hidden.
/// Thread-safe.
final class BackupDisk implements LogDisk {
    private final LogDisk backup;
    private final LogDisk scratch;
    private final Set<String> hidden = ConcurrentHashMap.newKeySet();

    /// @param scratch empty directory
    BackupDisk(LogDisk backup, LogDisk scratch) {
        this.backup = backup;
        this.scratch = scratch;
    }

    /// Locks the second directory: any number of restores may read the backup.
    @Override
    public DiskLock lock() throws IOException {
        return scratch.lock();
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return scratch.create(name);
    }

    /// Opens a new file for writing; the log writes to no other.
    @Override
    public DiskFile open(String name) throws IOException {
        return scratch.open(name);
    }

    @Override
    public DiskFile read(String name) throws IOException {
        return isNew(name) ? scratch.read(name) : backup.read(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        if (isNew(from)) {
            scratch.rename(from, to);
        } else {
            hidden.add(from);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        hidden.add(name);
        scratch.delete(name);
    }

    @Override
    public List<String> list() throws IOException {
        var names = new ArrayList<>(scratch.list());
        for (var name : backup.list()) {
            if (!names.contains(name) && !hidden.contains(name)) {
                names.add(name);
            }
        }
        return names;
    }

    @Override
    public void forceDirectory() throws IOException {
        scratch.forceDirectory();
    }

    @Override
    public String path(String name) {
        return backup.path(name);
    }

    private boolean isNew(String name) throws IOException {
        return scratch.list().contains(name);
    }
}
