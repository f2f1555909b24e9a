package dev.tidemark.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Log directory in the file system. Thread-safe on threads that are never interrupted.
public final class FileLogDisk implements LogDisk {
    private static final boolean WINDOWS = System.getProperty("os.name", "").startsWith("Windows");

    private final Path directory;

    public FileLogDisk(Path directory) {
        this.directory = directory;
    }

    @Override
    public DiskLock lock() throws IOException {
        create(directory.toAbsolutePath());
        OwnerOnlyAccess.restrict(directory);
        var channel = channel("lock", StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel::close;
            }
        } catch (OverlappingFileLockException _) {
            // another log of this process holds the lock
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new LogInUseException(
                "The store in %s is in use by another process; stop that process or configure".formatted(directory)
                        + " a different directory.");
    }

    /// Creates the directory, for its owner only, and forces its entry. Otherwise a power cut could lose the whole
    /// store.
    private static void create(Path missing) throws IOException {
        var parent = missing.getParent();
        if (parent != null && !Files.isDirectory(missing)) {
            create(parent);
            Files.createDirectories(missing, OwnerOnlyAccess.ofDirectory(missing));
            force(parent);
        }
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return new ChannelFile(channel(
                name,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new ChannelFile(channel(name, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile read(String name) throws IOException {
        return new ChannelFile(channel(name, StandardOpenOption.READ));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                directory.resolve(from),
                directory.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public List<String> list() throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Override
    public void forceDirectory() throws IOException {
        force(directory);
    }

    private static void force(Path folder) throws IOException {
        if (!WINDOWS) { // Java cannot open a directory on Windows
            try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public String path(String name) {
        return directory.resolve(name).toString();
    }

    private FileChannel channel(String name, OpenOption... options) throws IOException {
        return FileChannel.open(directory.resolve(name), options);
    }

    private record ChannelFile(FileChannel channel) implements DiskFile {
        @Override
        public void read(ByteBuffer into, long offset) throws IOException {
            for (var at = offset; into.hasRemaining(); ) {
                var length = channel.read(into, at);
                if (length < 0) {
                    return;
                }
                at += length;
            }
        }

        @Override
        public void write(ByteBuffer bytes, long offset) throws IOException {
            for (var at = offset; bytes.hasRemaining(); ) {
                at += channel.write(bytes, at);
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(false);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
