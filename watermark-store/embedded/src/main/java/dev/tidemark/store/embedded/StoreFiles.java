package dev.tidemark.store.embedded;

import dev.tidemark.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Places of an embedded store's files, derived from `store.url`. The folder of the log is the store; the index
/// beside it is built again by each start. Immutable.
record StoreFiles(Path folder, String name) {
    static final String PREFIX = "jdbc:h2:file:";
    private static final String INDEX = ".index";
    private static final String DATABASE = ".mv.db";

    /// @throws StoreException if the URL names no file
    static StoreFiles of(String url) {
        var text = url.substring(PREFIX.length()).replaceFirst(";.*", "");
        if (!text.matches("(\\.{1,2}|~)?[/\\\\].*|[A-Za-z]:.*")) {
            throw new StoreException("The path in store.url must be absolute or begin with ./ or ~/.");
        }
        var home = text.startsWith("~/") ? System.getProperty("user.home", "") + text.substring(1) : text;
        var path = Path.of(home).toAbsolutePath().normalize();
        var folder = path.getParent();
        var name = path.getFileName();
        if (folder == null || name == null) {
            throw new StoreException("store.url names no file; use " + PREFIX + "./data/tidemark.");
        }
        return new StoreFiles(folder, name.toString());
    }

    String url() {
        return PREFIX + folder.resolve(name);
    }

    /// Returns the folder of the log and its snapshots.
    Path log() {
        return folder.resolve(name + ".store");
    }

    /// Returns the lock file that keeps other processes out.
    Path lock() {
        return log().resolve("lock");
    }

    /// Returns the place of the index.
    IndexPlace index() {
        return IndexPlace.inFile(folder.resolve(name + INDEX));
    }

    /// Refuses a store of a version without a log.
    ///
    /// @throws StoreException if there is one
    void refuseOlderStore() {
        var database = folder.resolve(name + DATABASE);
        if (Files.exists(database) && !Files.exists(log())) {
            throw new StoreException(database + " was written by an earlier version of Tidemark, which this one cannot"
                    + " read; run that version, or move the file away to subscribe all mailboxes as new ones.");
        }
    }
}
