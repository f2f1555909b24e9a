package dev.tidemark.watermark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.h2.store.fs.FilePath;

/// One of the two files of the [WriteAheadLog]. It is written from its beginning again and again and never
/// made shorter: to force what lies within a file is cheaper than to force a file that grows. For one thread.
final class LogFile implements AutoCloseable {
    private final FilePath path;
    private final FileChannel file;
    private final boolean fresh;
    private long end;

    LogFile(String path) {
        this.path = FilePath.get(path);
        try {
            fresh = !this.path.exists();
            file = this.path.open("rw");
            if (fresh) {
                file.force(true);
                SealedFile.forceFolder(this.path);
            }
        } catch (IOException e) {
            throw StoreErrors.failed(e);
        }
    }

    /// Whether there was no such file.
    boolean isFresh() {
        return fresh;
    }

    /// Where the next record goes.
    long end() {
        return end;
    }

    void rewind() {
        end = 0;
    }

    void append(ByteBuffer pages, boolean forced) {
        try {
            while (pages.hasRemaining()) {
                end += file.write(pages, end);
            }
            if (forced) {
                file.force(false);
            }
        } catch (IOException | UncheckedIOException e) {
            throw StoreErrors.failed(e);
        }
    }

    /// The whole records at the file's beginning that belong together.
    ///
    /// @throws StoreException if there are more of them behind one that cannot be read: a crash tears the last
    ///     one only
    List<LogRecord.Read> read() {
        var found = new ArrayList<LogRecord.Read>();
        var bytes = bytes();
        var end = 0;
        for (var next = next(bytes, 0, found); next > 0; next = next(bytes, end, found)) {
            end = next;
        }
        if (!found.isEmpty() && goesOn(bytes, end, found.getFirst())) {
            throw new StoreException("The write-ahead log " + path + " is damaged in its middle; put back all files"
                    + " of one copy that was made while Tidemark was stopped, or move this one away, and what it"
                    + " held is asked of Exchange again.");
        }
        return found;
    }

    private static boolean goesOn(ByteBuffer bytes, int from, LogRecord.Read first) {
        return IntStream.iterate(from, at -> at < bytes.limit(), at -> at + LogRecord.PAGE)
                .mapToObj(at -> LogRecord.read(bytes, at))
                .anyMatch(
                        later -> later.filter(record -> sameTurn(first, record)).isPresent());
    }

    /// Reads the record at `at`; returns where the one behind it begins, or 0 if this was none.
    private static int next(ByteBuffer bytes, int at, List<LogRecord.Read> found) {
        var record = LogRecord.read(bytes, at).filter(it -> it.name().number() == found.size());
        if (record.isEmpty() || (!found.isEmpty() && !sameTurn(found.getFirst(), record.get()))) {
            return 0;
        }
        found.add(record.get());
        return at + record.get().length();
    }

    private static boolean sameTurn(LogRecord.Read one, LogRecord.Read other) {
        return one.name().epoch() == other.name().epoch()
                && one.name().generation() == other.name().generation();
    }

    private ByteBuffer bytes() {
        try {
            var bytes = ByteBuffer.allocate((int) Math.min(file.size(), Integer.MAX_VALUE - 8));
            var more = 0;
            while (bytes.hasRemaining() && more >= 0) {
                more = file.read(bytes, bytes.position());
            }
            return bytes.flip();
        } catch (IOException e) {
            throw StoreErrors.failed(e);
        }
    }

    void delete() {
        close();
        path.delete();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw StoreErrors.failed(e);
        }
    }
}
