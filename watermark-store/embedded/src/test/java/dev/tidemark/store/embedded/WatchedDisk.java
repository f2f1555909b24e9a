package dev.tidemark.store.embedded;

import dev.tidemark.log.DiskFile;
import dev.tidemark.log.LogDisk;
import java.io.IOException;
import java.util.List;

/// Disk with hooks before a snapshot is written, before its rename, and before it is read.
record WatchedDisk(LogDisk disk, Runnable meanwhile, Runnable beforeRead) implements LogDisk {
    private static final String SNAPSHOT = "snapshot.tmp";

    WatchedDisk(LogDisk disk, Runnable meanwhile) {
        this(disk, meanwhile, () -> {});
    }

    private void watch(String name) {
        if (name.equals(SNAPSHOT)) {
            meanwhile.run();
        }
    }

    @Override
    public DiskLock lock() throws IOException {
        return disk.lock();
    }

    @Override
    public DiskFile create(String name) throws IOException {
        watch(name);
        return disk.create(name);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return disk.open(name);
    }

    @Override
    public DiskFile read(String name) throws IOException {
        if (name.startsWith("snapshot-")) {
            beforeRead.run();
        }
        return disk.read(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        watch(from);
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    @Override
    public List<String> list() throws IOException {
        return disk.list();
    }

    @Override
    public void forceDirectory() throws IOException {
        disk.forceDirectory();
    }

    @Override
    public String path(String name) {
        return disk.path(name);
    }
}
