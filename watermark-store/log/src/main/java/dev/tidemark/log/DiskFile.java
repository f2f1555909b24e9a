package dev.tidemark.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/// File of a [LogDisk]. Reads and writes name their offset, so one file serves several threads. Callers must run on
/// threads that are never interrupted: an interruption closes the file under every other thread.
public interface DiskFile extends AutoCloseable {
    /// Fills the buffer from `offset` on; stops at the end of the file.
    void read(ByteBuffer into, long offset) throws IOException;

    /// Writes the whole buffer; the file grows if it ends before.
    void write(ByteBuffer bytes, long offset) throws IOException;

    /// Returns after all bytes written so far, and the size, are on the disk.
    void force() throws IOException;

    /// Returns the size in bytes.
    long size() throws IOException;

    @Override
    void close() throws IOException;
}
