package dev.tidemark.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Reads the sources and documents of the project that this module belongs to.
final class SourceTree {
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "data", "node_modules");

    private SourceTree() {}

    /// Returns texts by path from the project's folder.
    static PlainWords read() {
        var root = Path.of("../..").toAbsolutePath().normalize();
        var files = new TreeMap<String, String>();
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    var skipped = NOT_OURS.contains(folder.getFileName().toString());
                    return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    var path = root.relativize(file).toString().replace('\\', '/');
                    if (path.endsWith(".java") || path.endsWith(".md")) {
                        files.put(path, Files.readString(file));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException cannotRead) {
            throw new UncheckedIOException(cannotRead);
        }
        return new PlainWords(Map.copyOf(files));
    }
}
