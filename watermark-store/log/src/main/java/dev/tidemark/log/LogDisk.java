package dev.tidemark.log;

import java.io.IOException;
import java.util.List;

/// Directory that holds the files of one store. [FileLogDisk] is the implementation for production. Creations,
/// renames and deletions are durable after [#forceDirectory]; a power cut before that keeps any subset of them.
public interface LogDisk {
    /// Locks the directory until the returned handle is closed.
    ///
    /// @throws LogInUseException if another process, or another log of this process, holds the lock
    DiskLock lock() throws IOException;

    /// Creates an empty file; replaces an existing file of that name.
    DiskFile create(String name) throws IOException;

    /// Opens an existing file for reading and writing.
    DiskFile open(String name) throws IOException;

    /// Opens an existing file for reading.
    DiskFile read(String name) throws IOException;

    /// Renames a file atomically; replaces an existing file of the new name.
    void rename(String from, String to) throws IOException;

    /// Deletes a file if it exists.
    void delete(String name) throws IOException;

    /// Returns the names of all files.
    List<String> list() throws IOException;

    /// Returns after all creations, renames and deletions so far are on the disk.
    void forceDirectory() throws IOException;

    /// Returns the full name of a file, for messages.
    String path(String name);

    /// Lock of a directory.
    interface DiskLock extends AutoCloseable {
        @Override
        void close() throws IOException;
    }
}
