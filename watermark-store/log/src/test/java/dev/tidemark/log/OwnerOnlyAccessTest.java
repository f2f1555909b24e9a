package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests the rights of a log's files on a file system of POSIX.
final class OwnerOnlyAccessTest {
    @TempDir
    Path folder;

    private static String rights(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static void give(Path file, String rights) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    @Test
    void only_the_owner_enters_the_folders_that_a_log_creates() throws IOException {
        give(folder, "rwxr-xr-x");
        var log = folder.resolve("data/t.store");
        new FileLogDisk(log).lock().close();
        assertThat(rights(log)).isEqualTo("rwx------");
        assertThat(rights(folder.resolve("data"))).isEqualTo("rwx------");
        assertThat(rights(folder)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void the_folder_of_an_earlier_version_is_closed_and_the_one_above_it_left_alone() throws IOException {
        var log = Files.createDirectories(folder.resolve("data/t.store"));
        give(log, "rwxr-xr-x");
        give(folder.resolve("data"), "rwxr-xr-x");
        new FileLogDisk(log).lock().close();
        assertThat(rights(log)).isEqualTo("rwx------");
        assertThat(rights(folder.resolve("data"))).isEqualTo("rwxr-xr-x");
    }

    @Test
    void a_file_keeps_the_rights_of_its_owner() throws IOException {
        var file = Files.createFile(folder.resolve("t.index.mv.db"));
        give(file, "rw-rw-r--");
        OwnerOnlyAccess.restrict(file);
        assertThat(rights(file)).isEqualTo("rw-------");
        OwnerOnlyAccess.restrict(folder.resolve("absent"));
        assertThat(folder.resolve("absent")).doesNotExist();
    }
}
