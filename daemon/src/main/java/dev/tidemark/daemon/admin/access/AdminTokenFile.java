package dev.tidemark.daemon.admin.access;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// File with the token of the first start, readable by its owner only. The daemon and the demonstration create it;
/// the command line reads it. Thread-safe; of several processes that create it, one wins.
public record AdminTokenFile(Path path) {
    /// Usual name of the file.
    public static final String NAME = "admin-token";

    private static final Logger LOG = LoggerFactory.getLogger(AdminTokenFile.class);
    private static final int TOKEN_BYTES = 32;
    private static final int MIN_LENGTH = 16;
    private static final String OWNER_ONLY = "rw-------";

    /// Returns the token in the file. Creates the file with a random token if it is absent or empty. Takes the
    /// rights of other users away, but not from a file of another owner, such as a mounted secret.
    ///
    /// @throws IOException if the file cannot be read or created, or holds no token
    public String readOrCreate() throws IOException {
        if (read().isEmpty()) {
            create();
        }
        if (!restrict()) {
            LOG.warn("Other users may read the admin token file {}; take their rights away", path);
        }
        return read().orElseThrow(() -> new NoSuchFileException(path.toString()));
    }

    /// Returns the token; empty if there is no file, or an empty one as after a power cut.
    ///
    /// @throws IOException if the file cannot be read or holds no token
    public Optional<String> read() throws IOException {
        try {
            var token = Files.readString(path).strip();
            if (token.isEmpty()) {
                return Optional.empty();
            }
            if (token.length() < MIN_LENGTH || token.chars().anyMatch(each -> each <= ' ' || each > '~')) {
                throw new IOException("it holds no token of " + MIN_LENGTH + " or more ASCII characters; delete it");
            }
            return Optional.of(token);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    private void create() throws IOException {
        var folder = path.toAbsolutePath().getParent();
        if (folder == null) {
            throw new NoSuchFileException(path.toString());
        }
        Files.createDirectories(folder);
        // the JDK creates temporary files for their owner only
        var complete = Files.createTempFile(folder, "." + NAME, "");
        try {
            write(complete, randomToken() + "\n");
            if (Files.exists(path) && Files.readString(path).isBlank()) {
                Files.delete(path);
            }
            publish(complete);
        } finally {
            Files.deleteIfExists(complete);
        }
    }

    private static void write(Path file, String text) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (var bytes = StandardCharsets.US_ASCII.encode(text); bytes.hasRemaining(); ) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /// Gives the complete file its name, unless another process was faster.
    private void publish(Path complete) throws IOException {
        try {
            Files.createLink(path, complete);
        } catch (FileAlreadyExistsException otherWasFaster) {
            return;
        } catch (UnsupportedOperationException | IOException noLinks) {
            moveUnlessPresent(complete);
        }
    }

    private void moveUnlessPresent(Path complete) throws IOException {
        try {
            Files.move(complete, path);
        } catch (FileAlreadyExistsException otherWasFaster) {
            LOG.debug("Another process created {}", path);
        }
    }

    /// Returns a new token of 256 bits.
    public static String randomToken() {
        var bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// Returns false if other users may still read the file.
    private boolean restrict() throws IOException {
        if (!isPosix(path)) {
            return true;
        }
        var rights = Files.getPosixFilePermissions(path);
        var own = PosixFilePermissions.fromString(OWNER_ONLY);
        if (own.containsAll(rights)) {
            return true;
        }
        try {
            Files.setPosixFilePermissions(path, own);
            return true;
        } catch (IOException ownedByAnother) {
            return false;
        }
    }

    /// Returns the attributes that make a new file readable by its owner only; none if the system has no such rights.
    public static FileAttribute<?>[] ownerOnly(Path file) {
        return isPosix(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY))
                }
                : new FileAttribute<?>[] {};
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
