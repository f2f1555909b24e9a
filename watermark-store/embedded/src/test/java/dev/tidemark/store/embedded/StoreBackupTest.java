package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.transfer.CopyableStore;
import dev.tidemark.store.transfer.StoreDigest;
import dev.tidemark.store.transfer.StoreSource;
import dev.tidemark.testsupport.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks backups that cannot be completed, and the directories that they leave.
final class StoreBackupTest {
    private static final int MAILS = 20;

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private Path backups;
    private CopyableStore store;

    @BeforeEach
    void open() throws IOException {
        backups = Files.createDirectory(folder.resolve("backups"));
        var home = new EmbeddedHome(folder);
        store = StoreFactory.open(home.config(), clock);
        for (var i = 0; i < MAILS; i++) {
            home.receive(store, home.mailbox(store), clock.instant());
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private StoreBackup backUp(StoreSource source, long minFree) {
        try (source) {
            return StoreBackup.create(source, "gw1", backups.resolve("monday"), minFree, clock, rows -> {});
        }
    }

    private BackupSettings settings() {
        return new BackupSettings(Optional.of(backups), 0);
    }

    /// Source that runs `task` before each change.
    private record InterruptedSource(StoreSource source, Runnable task) implements StoreSource {
        @Override
        public long read(Consumer<Change> sink) {
            return source.read(change -> {
                task.run();
                sink.accept(change);
            });
        }

        @Override
        public void close() {
            source.close();
        }
    }

    @Test
    void a_backup_ends_before_its_disk_has_less_free_space_than_the_store_must_keep() {
        assertThatThrownBy(() -> backUp(store.openSource(), Long.MAX_VALUE))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("The backup stopped because its disk has less than store.min-free (")
                .hasMessageEndingWith("; make room, or name a directory on another disk.");
        assertThat(backups).isEmptyDirectory();
    }

    @Test
    void no_other_user_reads_a_backup() throws IOException {
        var backup = backUp(store.openSource(), 0);
        try (var files = Files.walk(backup.directory())) {
            assertThat(files.filter(Files::isDirectory))
                    .isNotEmpty()
                    .allSatisfy(directory -> assertThat(
                                    PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                            .isEqualTo("rwx------"));
        }
    }

    @Test
    void a_store_that_fails_during_a_backup_leaves_no_directory() {
        var failing = new InterruptedSource(store.openSource(), () -> {
            throw new StoreException("PostgreSQL cannot be reached.");
        });
        assertThatThrownBy(() -> backUp(failing, 0)).hasMessage("PostgreSQL cannot be reached.");
        assertThat(backups).isEmptyDirectory();
    }

    @Test
    void a_start_removes_what_a_kill_left_and_no_other_directory() throws IOException {
        var cut = Files.createDirectories(backups.resolve("sunday.partial/tidemark.store.partial"));
        Files.createFile(cut.resolve("segment-1"));
        var other = Files.createDirectories(backups.resolve("other.partial"));
        settings().removeIncomplete();
        assertThat(backups).isDirectoryContaining(other::equals).isDirectoryNotContaining("glob:**sunday*");
        backUp(store.openSource(), 0);
        settings().removeIncomplete();
        assertThat(StoreBackup.find(backups.resolve("monday")).instance()).isEqualTo("gw1");
    }

    @Test
    void a_start_leaves_a_backup_that_another_process_makes() {
        var beside = new InterruptedSource(store.openSource(), () -> settings().removeIncomplete());
        assertThat(backUp(beside, 0).position()).isGreaterThanOrEqualTo(MAILS);
    }

    @Test
    void a_restore_leaves_the_backup_as_it_is() throws IOException {
        var backup = backUp(store.openSource(), 0);
        var before = files(backup.directory());
        try (var source = backup.open(clock);
                var again = backup.open(clock)) {
            assertThat(StoreDigest.of(source)).isEqualTo(StoreDigest.of(again));
        }
        assertThat(files(backup.directory())).isEqualTo(before);
    }

    /// Returns all files with size and time of the last change.
    private static Map<Path, String> files(Path directory) throws IOException {
        var found = new TreeMap<Path, String>();
        try (var files = Files.walk(directory)) {
            for (var file : files.toList()) {
                found.put(file, Files.getLastModifiedTime(file) + " " + Files.size(file));
            }
        }
        return found;
    }
}
