package dev.tidemark.model;

import dev.tidemark.log.DiskFile;
import dev.tidemark.log.LogDisk;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.embedded.SteppedStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/// Disk in memory with the log of one store, and its files at the time of a kill. Thread-safe; used by one
/// history and by the threads of its store.
final class MemoryDisk implements StoreMedium {
    private final String name;
    private Files files = new Files(Map.of());
    private int deaths;

    /// @param name unique in this JVM
    MemoryDisk(String name) {
        this.name = name;
    }

    @Override
    public Opened open(Clock clock, Duration margin, Random ids) {
        var opened = SteppedStore.open(
                new StoreConfig("jdbc:h2:file:./memory", "sa", "", "gw1", true, 0, margin),
                files,
                name + "-" + deaths,
                new SteppedStore.Surroundings(clock, ids, CoreSettings.CONNECTION));
        return new Opened(opened.store(), opened.fold());
    }

    /// Replaces the disk by a copy, which the open store does not see.
    @Override
    public void kill() {
        files = new Files(files.byName);
        deaths++;
    }

    /// Names and contents of the files between two kills.
    private static final class Files implements LogDisk {
        private final Map<String, MemoryFile> byName = new ConcurrentHashMap<>();

        Files(Map<String, MemoryFile> before) {
            before.forEach((name, file) -> byName.put(name, file.copy()));
        }

        @Override
        public DiskLock lock() {
            return () -> {};
        }

        @Override
        public DiskFile create(String name) {
            var file = new MemoryFile(new byte[0]);
            byName.put(name, file);
            return file;
        }

        @Override
        public DiskFile open(String name) throws IOException {
            var file = byName.get(name);
            if (file == null) {
                throw new FileNotFoundException(name);
            }
            return file;
        }

        @Override
        public DiskFile read(String name) throws IOException {
            return open(name);
        }

        @Override
        public void rename(String from, String to) {
            byName.put(to, byName.remove(from));
        }

        @Override
        public void delete(String name) {
            byName.remove(name);
        }

        @Override
        public List<String> list() {
            return List.copyOf(byName.keySet());
        }

        @Override
        public void forceDirectory() {
            // a kill loses nothing that was written
        }

        @Override
        public String path(String name) {
            return name;
        }
    }

    private static final class MemoryFile implements DiskFile {
        private byte[] bytes;

        MemoryFile(byte[] bytes) {
            this.bytes = bytes;
        }

        synchronized MemoryFile copy() {
            return new MemoryFile(bytes.clone());
        }

        @Override
        public synchronized void read(ByteBuffer into, long offset) {
            var length = Math.clamp(bytes.length - offset, 0, into.remaining());
            into.put(bytes, (int) offset, length);
        }

        @Override
        public synchronized void write(ByteBuffer from, long offset) {
            var end = (int) offset + from.remaining();
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, end);
            }
            from.get(bytes, (int) offset, from.remaining());
        }

        @Override
        public void force() {
            // a kill loses nothing that was written
        }

        @Override
        public synchronized long size() {
            return bytes.length;
        }

        @Override
        public void close() {
            // the file stays
        }
    }
}
