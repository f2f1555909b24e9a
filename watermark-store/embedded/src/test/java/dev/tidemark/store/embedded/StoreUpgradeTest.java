package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.ChangeCodec;
import dev.tidemark.testsupport.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests the backup before a change of the store's format. An earlier version is imitated by its marker.
final class StoreUpgradeTest {
    private static final int MAILS = 5;

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private EmbeddedHome home;
    private Path log;

    @BeforeEach
    void create() {
        home = new EmbeddedHome(folder);
        log = StoreFiles.of(home.config().url()).log();
        try (var store = StoreFactory.open(home.config(), clock)) {
            for (var i = 0; i < MAILS; i++) {
                home.receive(store, home.mailbox(store), clock.instant());
            }
        }
    }

    @Test
    void a_new_store_and_one_of_this_format_are_not_backed_up() throws IOException {
        assertThat(copies()).isEmpty();
        open();
        assertThat(copies()).isEmpty();
        assertThat(log.resolve("format")).hasContent("" + ChangeCodec.FORMAT);
    }

    @Test
    void a_store_of_an_earlier_version_is_backed_up_once_byte_for_byte() throws IOException {
        Files.delete(log.resolve("format"));
        var before = contents(log);

        open();

        assertThat(copies()).singleElement().satisfies(copy -> {
            assertThat(copy).hasFileName("store0.backup-format-0");
            assertThat(contents(copy.resolve("tidemark.store"))).isEqualTo(before);
        });
        open();
        assertThat(copies()).hasSize(1);
    }

    @Test
    void the_backup_can_be_restored() throws IOException {
        Files.writeString(log.resolve("format"), "7\n");
        open();
        var backup = StoreBackup.find(copies().getFirst());
        assertThat(backup.instance()).isEqualTo("gw1");
        assertThat(backup.position()).isGreaterThanOrEqualTo(MAILS);
        Files.move(log, folder.resolve("new"));

        try (var source = backup.open(clock)) {
            StoreFactory.restore(source, backup.restorePoint(clock), home.config(), clock, rows -> {});
        }
        try (var store = StoreFactory.open(home.config(), clock)) {
            assertThat(store.mailboxes().all()).hasSize(1);
        }
    }

    @Test
    void a_damaged_store_is_named_and_not_marked() throws IOException {
        Files.delete(log.resolve("format"));
        try (var files = Files.list(log)) {
            var segment = files.filter(file -> file.getFileName().toString().startsWith("segment-"))
                    .findFirst()
                    .orElseThrow();
            Files.write(segment, new byte[512]);
        }
        assertThatThrownBy(this::open).isInstanceOf(StoreException.class);
        assertThat(log.resolve("format")).doesNotExist();
        assertThat(copies()).noneMatch(copy -> !copy.toString().endsWith(".partial"));
    }

    @Test
    void a_second_upgrade_keeps_the_first_copy() throws IOException {
        Files.writeString(log.resolve("format"), "7\n");
        open();
        Files.writeString(log.resolve("format"), "7\n");
        open();
        assertThat(copies())
                .extracting(copy -> copy.getFileName().toString())
                .containsExactlyInAnyOrder("store0.backup-format-7", "store0.backup-format-7-2");
    }

    @Test
    void a_backup_that_was_cut_off_is_made_again() throws IOException {
        Files.writeString(log.resolve("format"), "7\n");
        var before = contents(log);
        var partial = folder.resolve("store0.backup-format-7.partial");
        Files.createDirectories(partial.resolve("tidemark.store"));
        Files.writeString(partial.resolve("tidemark.store/segment-00000000000000000009"), "half");

        open();

        assertThat(partial).doesNotExist();
        assertThat(contents(copies().getFirst().resolve("tidemark.store"))).isEqualTo(before);
    }

    @Test
    void a_later_format_is_marked_as_this_one_again() throws IOException {
        Files.writeString(log.resolve("format"), ChangeCodec.FORMAT + 1 + "\n");
        open();
        assertThat(copies()).isEmpty();
        assertThat(log.resolve("format")).hasContent("" + ChangeCodec.FORMAT);
    }

    @Test
    void without_room_for_the_backup_the_store_stays_as_it_is() throws IOException {
        Files.writeString(log.resolve("format"), "7\n");
        var before = contents(log);

        var files = StoreFiles.of(home.config().url());
        assertThatThrownBy(() -> new StoreUpgrade(files, folder, ChangeCodec.FORMAT, clock).prepare(Long.MAX_VALUE))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("first backs it up")
                .hasMessageEndingWith("Make room, then start again.");

        assertThat(copies()).isEmpty();
        assertThat(contents(log)).isEqualTo(before);
    }

    @Test
    void the_backup_goes_to_the_directory_for_backups_if_one_is_set() throws IOException {
        Files.writeString(log.resolve("format"), "7\n");
        var before = contents(log);
        var backups = folder.resolve("backups/tidemark");

        StoreFactory.open(home.config().withUpgradeBackups(Optional.of(backups.toString())), clock)
                .close();

        assertThat(contents(backups.resolve("store0.backup-format-7/tidemark.store")))
                .isEqualTo(before);
        assertThat(copies()).isEmpty();
    }

    @Test
    void a_directory_for_backups_that_cannot_be_created_is_named_and_the_store_stays_as_it_is() throws IOException {
        Files.writeString(log.resolve("format"), "7\n");
        var before = contents(log);
        var backups = Files.createFile(folder.resolve("file")).resolve("backups");

        assertThatThrownBy(() ->
                        StoreFactory.open(home.config().withUpgradeBackups(Optional.of(backups.toString())), clock))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(backups.toString())
                .hasMessageContaining("set store.backup-directory to a directory that Tidemark can write");

        assertThat(contents(log)).isEqualTo(before);
    }

    @Test
    void a_store_in_use_is_refused_and_not_backed_up() throws IOException {
        var store = StoreFactory.open(home.config(), clock);
        Files.writeString(log.resolve("format"), "7\n");
        assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessageContaining("in use");
        assertThat(copies()).isEmpty();
        store.close();
    }

    @Test
    void a_backup_has_this_format() {
        var backup = folder.resolve("backup");
        try (var store = StoreFactory.open(home.config(), clock);
                var source = store.openSource()) {
            StoreBackup.create(source, "gw1", backup, 0, clock, rows -> {});
        }
        assertThat(backup.resolve("tidemark.store/format")).hasContent("" + ChangeCodec.FORMAT);
    }

    private void open() {
        StoreFactory.open(home.config(), clock).close();
    }

    private List<Path> copies() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().contains(".backup-format-"))
                    .toList();
        }
    }

    /// Returns the contents of all files except the lock.
    private static Map<String, Integer> contents(Path directory) throws IOException {
        var contents = new TreeMap<String, Integer>();
        try (var files = Files.list(directory)) {
            for (var file : files.filter(each -> !each.endsWith("lock")).toList()) {
                contents.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
