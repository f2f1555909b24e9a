package dev.tidemark.store.embedded;

import dev.tidemark.log.FileLogDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;

/// Directories that appear only when they are complete.
final class StoreDirectories {
    static final String PARTIAL = ".partial";

    private StoreDirectories() {}

    /// Returns the directory beside `complete` in which it is prepared.
    static Path partial(Path complete) {
        return complete.resolveSibling(complete.getFileName() + PARTIAL);
    }

    /// Returns whether the directory is absent or has no files.
    static boolean isEmpty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return true;
        }
        try (var files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    /// Renames `partial` to `complete`, which must be absent or empty, and forces the new name.
    static void replace(Path partial, Path complete) throws IOException {
        Files.deleteIfExists(complete);
        var disk =
                new FileLogDisk(Objects.requireNonNull(complete.toAbsolutePath().getParent()));
        disk.rename(Objects.toString(partial.getFileName()), Objects.toString(complete.getFileName()));
        disk.forceDirectory();
    }

    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var files = Files.walk(directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
