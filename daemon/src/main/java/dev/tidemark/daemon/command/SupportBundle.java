package dev.tidemark.daemon.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// ZIP file with texts for support. Only its owner can read it. Not thread-safe; used by one command.
final class SupportBundle {
    private final BundleRedactor redactor;
    private final Map<String, String> texts = new LinkedHashMap<>();

    /// @param withAddresses false to replace mail addresses by pseudonyms, and to leave out mail data
    public SupportBundle(boolean withAddresses) {
        redactor = new BundleRedactor(withAddresses);
    }

    /// Removes the values that this configuration takes from variables and files from all texts.
    public void hideValuesOf(Path config, Function<String, Optional<String>> variables) {
        ConfigSecrets.find(config, variables).forEach(redactor::addSecret);
    }

    /// Replaces this address in all texts.
    public void hideAddress(String address) {
        redactor.addAddress(address);
    }

    /// Adds a text file. Secrets and addresses are replaced when the bundle is written.
    public void add(String name, String text) {
        texts.put(name, text);
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
                zip.write(redactor.redact(entry.getValue()).getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
    }
}
