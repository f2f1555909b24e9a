package dev.tidemark.daemon.inputs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// File that the configuration names, with the digest of its content before it was read.
///
/// @param key dotted key that names the file
/// @param digest SHA-256 of the content; empty if the file could not be read
/// @param terminated true if the last line has a line break
/// @param mailboxes true for a list of mailboxes
public record ConfigFile(String key, Path path, String digest, boolean terminated, boolean mailboxes) {
    static ConfigFile of(String key, Path path, boolean mailboxes) {
        try {
            var content = Files.readAllBytes(path);
            return new ConfigFile(key, path, digest(content), isTerminated(content), mailboxes);
        } catch (IOException unreadable) {
            return new ConfigFile(key, path, "", true, mailboxes);
        }
    }

    /// Reads the file again.
    public ConfigFile refresh() {
        return of(key, path, mailboxes);
    }

    /// Looks at the last two bytes: a line break of UTF-16 has two.
    private static boolean isTerminated(byte[] content) {
        var length = content.length;
        return length == 0 || content[length - 1] == '\n' || (length > 1 && content[length - 2] == '\n');
    }

    static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing, although every Java platform must have it.", e);
        }
    }
}
