package dev.tidemark.endtoend;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipFile;

/// Searches what a daemon shows and stores for secrets. Each secret has letters and digits only, so that no encoding of
/// a text changes it.
final class SecretScanner {
    /// A shorter text may be anywhere by chance.
    private static final int MIN_LENGTH = 8;

    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final List<String> findings = new ArrayList<>();
    private final List<String> searched = new ArrayList<>();

    /// Adds a secret, and returns it.
    String add(String name, String secret) {
        if (secret.length() < MIN_LENGTH) {
            throw new IllegalArgumentException("The secret " + name + " is too short to search for.");
        }
        secrets.put(name, secret);
        return secret;
    }

    List<String> names() {
        return List.copyOf(secrets.keySet());
    }

    /// Returns the names of the secrets in a text.
    List<String> in(String text) {
        return secrets.entrySet().stream()
                .filter(secret -> text.contains(secret.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Searches a text, and keeps what it finds.
    void scan(String place, String text) {
        searched.add(place);
        in(text).forEach(name -> findings.add(name + " in " + place));
    }

    /// Searches all files below a folder, byte by byte, except those whose path begins with one of these names.
    void scanFiles(String place, Path folder, Set<String> except) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (except.contains(folder.relativize(file).getName(0).toString())) {
                    continue;
                }
                scan(place + " " + folder.relativize(file), bytes(Files.readAllBytes(file)));
            }
        }
    }

    void scanZip(String place, Path file) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            for (var entry : Collections.list(zip.entries())) {
                try (var in = zip.getInputStream(entry)) {
                    scan(place + " " + entry.getName(), bytes(in.readAllBytes()));
                }
            }
        }
    }

    /// Returns one character per byte.
    private static String bytes(byte[] all) {
        return new String(all, StandardCharsets.ISO_8859_1);
    }

    /// Returns each secret that was found, with its place.
    List<String> findings() {
        return List.copyOf(findings);
    }

    /// Returns the places that were searched.
    List<String> searched() {
        return List.copyOf(searched);
    }
}
