package dev.tidemark.watermark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.List;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.jspecify.annotations.Nullable;

/// Shows H2 the files of a [BrittleDisk], as `brittle:/disk/file`. Public, and with a constructor for H2.
public final class BrittlePath extends FilePath {
    private BrittleDisk disk() {
        return BrittleDisk.named(name.split("/", -1)[1]);
    }

    private static String file(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public String getScheme() {
        return "brittle";
    }

    @Override
    public FilePath getPath(String path) {
        var found = new BrittlePath();
        found.name = path;
        return found;
    }

    @Override
    public long size() {
        return disk().file(file(name)).size();
    }

    @Override
    public void moveTo(FilePath newName, boolean atomicReplace) {
        disk().move(file(name), file(newName.name));
    }

    @Override
    public boolean createFile() {
        var fresh = !exists();
        disk().file(file(name));
        return fresh;
    }

    @Override
    public boolean exists() {
        return isDirectory() || disk().holds(file(name));
    }

    @Override
    public void delete() {
        disk().remove(file(name));
    }

    @Override
    public List<FilePath> newDirectoryStream() {
        return List.of();
    }

    @Override
    public FilePath toRealPath() {
        return this;
    }

    @Override
    public @Nullable FilePath getParent() {
        return isDirectory() ? null : getPath(name.substring(0, name.lastIndexOf('/')));
    }

    @Override
    public boolean isDirectory() {
        return name.chars().filter(character -> character == '/').count() < 2;
    }

    @Override
    public boolean isRegularFile() {
        return !isDirectory() && disk().holds(file(name));
    }

    @Override
    public boolean isAbsolute() {
        return true;
    }

    @Override
    public long lastModified() {
        return 0;
    }

    @Override
    public boolean canWrite() {
        return !disk().isReadOnly();
    }

    @Override
    public void createDirectory() {}

    @Override
    public boolean setReadOnly() {
        return false;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        if (!mode.equals("r") && disk().isReadOnly()) {
            throw new IOException("Read-only file system");
        }
        return new Channel(disk().file(file(name)));
    }

    private static final class Channel extends FileBaseDefault {
        private final BrittleFile file;

        Channel(BrittleFile file) {
            this.file = file;
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public synchronized int read(ByteBuffer into, long position) throws IOException {
            var before = into.remaining();
            if (position >= file.size()) {
                return -1;
            }
            file.disk.read(file, into, position);
            return before - into.remaining();
        }

        @Override
        public synchronized int write(ByteBuffer from, long position) throws IOException {
            var before = from.remaining();
            file.disk.write(file, from, position);
            return before - from.remaining();
        }

        @Override
        protected void implTruncate(long size) {
            file.disk.truncate(file, size);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            file.disk.force(file);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            return new FileLock(this, position, size, shared) {
                @Override
                public boolean isValid() {
                    return true;
                }

                @Override
                public void release() {}
            };
        }
    }
}
