package dev.tidemark.daemon.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// ZIP file with texts for support. Only its owner can read it. Not thread-safe; used by one command.
public final class SupportBundle {
    private final UnaryOperator<String> mask;
    private final Map<String, String> texts = new LinkedHashMap<>();

    /// @param withAddresses false to replace mail addresses by pseudonyms
    public SupportBundle(boolean withAddresses) {
        mask = withAddresses ? UnaryOperator.identity() : new AddressMask()::mask;
    }

    /// Adds a text file.
    public void add(String name, String text) {
        texts.put(name, mask.apply(text));
    }

    /// Writes all files. The ZIP file appears complete or not at all.
    ///
    /// @throws FileAlreadyExistsException if the file exists
    /// @throws IOException if the file cannot be written
    public void writeTo(Path file) throws IOException {
        var target = file.toAbsolutePath();
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        var partial = target.resolveSibling(target.getFileName() + ".partial");
        Files.deleteIfExists(partial);
        createPrivate(partial);
        try {
            write(partial);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static void createPrivate(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
    }

    private void write(Path file) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(file), StandardCharsets.UTF_8)) {
            for (var entry : texts.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
    }
}
