package dev.tidemark.store.embedded;

import dev.tidemark.log.OwnerOnlyAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Place of the index in H2.
///
/// @param url JDBC URL without settings
/// @param file file of the database; empty for an index in memory
record IndexPlace(String url, Optional<Path> file) {
    private static final String SUFFIX = ".mv.db";
    private static final String OTHER = ".next";

    /// Returns the place of an index in a file.
    ///
    /// @param database path of the database without H2's suffix
    static IndexPlace inFile(Path database) {
        return new IndexPlace(
                "jdbc:h2:file:" + database, Optional.of(database.resolveSibling(database.getFileName() + SUFFIX)));
    }

    /// Returns the place of an index in memory, for tests that open many stores.
    static IndexPlace inMemory(String name) {
        return new IndexPlace("jdbc:h2:mem:" + name, Optional.empty());
    }

    /// Returns the other one of two places, between which the index moves.
    IndexPlace other() {
        if (file.isEmpty()) {
            return new IndexPlace(toggled(url), file);
        }
        var database = file.get().toString();
        return inFile(Path.of(toggled(database.substring(0, database.length() - SUFFIX.length()))));
    }

    private static String toggled(String name) {
        return name.endsWith(OTHER) ? name.substring(0, name.length() - OTHER.length()) : name + OTHER;
    }

    /// Keeps other users out of the file, which holds no rows yet.
    void restrict() {
        file.ifPresent(OwnerOnlyAccess::restrict);
    }

    /// Deletes the file of an earlier run.
    ///
    /// @throws IOException if the file cannot be deleted
    void delete() throws IOException {
        if (file.isPresent()) {
            Files.deleteIfExists(file.get());
        }
    }
}
