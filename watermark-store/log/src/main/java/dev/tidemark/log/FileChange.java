package dev.tidemark.log;

import java.io.IOException;

/// Rename or deletion of files. Called by [SegmentList] under its lock.
@FunctionalInterface
interface FileChange {
    void run() throws IOException;
}
