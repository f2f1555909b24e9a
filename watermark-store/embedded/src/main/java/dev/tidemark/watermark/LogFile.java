package dev.tidemark.watermark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
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

    /// All whole records, in the order in which they lie there: those of the last turn, and behind them what is left
    /// of earlier ones. Not only those before the first that cannot be read: a power cut may have spoilt some of an
    /// earlier turn, and damage must not hide what comes behind it.
    List<LogRecord.Read> read() {
        var bytes = bytes();
        var found = new ArrayList<LogRecord.Read>();
        for (var at = 0; at < bytes.limit(); ) {
            var record = LogRecord.read(bytes, at);
            record.ifPresent(found::add);
            at += record.map(LogRecord.Read::length).orElse(LogRecord.PAGE);
        }
        return found;
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
