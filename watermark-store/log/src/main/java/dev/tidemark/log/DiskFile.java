package dev.tidemark.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/// File of a [LogDisk]. Reads and writes take an offset, so several threads can share one file. Callers must run on
/// threads that are never interrupted, because an interruption closes the file for all threads.
public interface DiskFile extends AutoCloseable {
    /// Reads from `offset` until the buffer is full or the file ends.
    void read(ByteBuffer into, long offset) throws IOException;

    /// Writes the whole buffer at `offset`; extends the file if necessary.
    void write(ByteBuffer bytes, long offset) throws IOException;

    /// Returns after the size and all bytes written so far are on the disk.
    void force() throws IOException;

    /// Returns the size in bytes.
    long size() throws IOException;

    @Override
    void close() throws IOException;
}
