package dev.tidemark.log;

import java.io.IOException;

/// Renames or deletes files.
@FunctionalInterface
interface FileChange {
    void run() throws IOException;
}
