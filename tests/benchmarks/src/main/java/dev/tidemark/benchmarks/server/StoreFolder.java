package dev.tidemark.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// Copies, removes and measures the store in a folder of the benchmark. The index beside it is rebuilt at each
/// start and is not part of it. Not thread-safe; used while no store is open there, except [#bytes].
public final class StoreFolder {
    private static final String STORE = "tidemark.store";
    private static final String LOCK = "lock";

    private StoreFolder() {}

    static void copy(Path from, Path to) throws IOException {
        var target = Files.createDirectories(to.resolve(STORE));
        try (var files = Files.newDirectoryStream(from.resolve(STORE))) {
            for (var file : files) {
                var name = file.getFileName().toString();
                if (!name.equals(LOCK)) {
                    Files.copy(file, target.resolve(name));
                }
            }
        }
    }

    static void remove(Path folder) throws IOException {
        var store = folder.resolve(STORE);
        if (Files.exists(store)) {
            removeTree(store);
        }
    }

    /// Removes `folder` and everything in it.
    public static void removeTree(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// Returns the size of all files of the store.
    public static long bytes(Path folder) throws IOException {
        var sum = 0L;
        try (var files = Files.newDirectoryStream(folder.resolve(STORE))) {
            for (var file : files) {
                // retention may have removed the file
                sum += Files.exists(file) ? Files.size(file) : 0;
            }
        }
        return sum;
    }
}
