package dev.tidemark.watermark;

import java.nio.file.Path;
import java.util.Optional;

/// The `store.url` of an H2 file.
final class H2Address {
    static final String PREFIX = "jdbc:h2:file:";
    private static final String SUFFIX = ".mv.db";

    private H2Address() {}

    /// The address by which H2 is told to use [SealedFile].
    static String sealed(String url) {
        return "jdbc:h2:" + SealedFile.SCHEME + ":" + url.substring(PREFIX.length());
    }

    /// The database as H2's file systems name it, without a suffix.
    static String database(String url) {
        return url.substring(PREFIX.length()).replaceFirst(";.*", "");
    }

    /// The database's file, if it is one of the system's and not of a file system of H2's own kind.
    static Optional<Path> file(String url) {
        var name = Path.of(database(url)).getFileName();
        var scheme = database(url).indexOf(':') > 1;
        return scheme || name == null
                ? Optional.empty()
                : Optional.of(folder(url).resolve(name + SUFFIX));
    }

    /// The folder that the database's file is in.
    static Path folder(String url) {
        var path = database(url);
        var home = path.startsWith("~/") ? System.getProperty("user.home", "") + path.substring(1) : path;
        var parent = Path.of(home).toAbsolutePath().normalize().getParent();
        return parent == null ? Path.of("/") : parent;
    }
}
