package dev.tidemark.watermark.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where H2 keeps the index.
///
/// @param url without settings
/// @param file absent for an index in memory
record IndexPlace(String url, Optional<Path> file) {
    private static final String SUFFIX = ".mv.db";

    /// @param database as H2 names it, without a suffix
    static IndexPlace inFile(Path database) {
        return new IndexPlace(
                "jdbc:h2:file:" + database, Optional.of(database.resolveSibling(database.getFileName() + SUFFIX)));
    }

    /// For tests that open many stores.
    static IndexPlace inMemory(String name) {
        return new IndexPlace("jdbc:h2:mem:" + name, Optional.empty());
    }

    /// Deletes what an earlier run left.
    ///
    /// @throws IOException if the system refuses
    void delete() throws IOException {
        if (file.isPresent()) {
            Files.deleteIfExists(file.get());
        }
    }
}
