package dev.tidemark.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps other users of the machine out of files, because a store holds the key of callback tokens and addresses. Has
/// no effect where the file system has no rights of POSIX. Stateless.
public final class OwnerOnlyAccess {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerOnlyAccess.class);
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private OwnerOnlyAccess() {}

    /// Returns the attributes of a new directory that only its owner can enter.
    static FileAttribute<?>[] ofDirectory(Path directory) {
        return isPosix(directory)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(DIRECTORY)}
                : new FileAttribute<?>[] {};
    }

    /// Takes the rights of other users away, from a file of an earlier version as well. A file of another owner keeps
    /// its rights.
    public static void restrict(Path file) {
        if (!isPosix(file)) {
            return;
        }
        try {
            var rights = Files.getPosixFilePermissions(file);
            var own = EnumSet.copyOf(DIRECTORY);
            own.retainAll(rights);
            if (!own.equals(rights)) {
                Files.setPosixFilePermissions(file, own);
            }
        } catch (IOException e) {
            LOG.debug("Cannot take the rights of other users on {} away", file, e);
        }
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
