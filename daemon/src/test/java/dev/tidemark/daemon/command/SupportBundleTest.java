package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SupportBundleTest {
    @TempDir
    private Path folder;

    private static String text(Path file, String name) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void an_existing_file_is_not_overwritten() throws IOException {
        var file = Files.writeString(folder.resolve("b.zip"), "kept");
        var bundle = new SupportBundle(false);
        assertThatThrownBy(() -> bundle.writeTo(file)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("kept");
    }

    @Test
    void a_folder_that_is_missing_leaves_nothing() {
        var bundle = new SupportBundle(false);
        assertThatThrownBy(() -> bundle.writeTo(folder.resolve("missing/b.zip")))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void an_address_has_one_pseudonym_in_all_texts_in_any_case() throws IOException {
        var file = folder.resolve("b.zip");
        var bundle = new SupportBundle(false);
        bundle.add("log.txt", "INFO: Enrolled Ada@Example.com in inboxes");
        bundle.add(
                "state.json",
                "{\"address\":\"ada@example.com\",\"url\":\"https://ews.example.com/u/bob@example.com\"}");
        bundle.writeTo(file);

        assertThat(text(file, "log.txt")).matches("INFO: Enrolled address-[0-9a-f]{10}@masked.invalid in inboxes");
        var pseudonym = text(file, "log.txt").replaceAll(".* (address-\\S+) .*", "$1");
        assertThat(text(file, "state.json"))
                .contains("\"" + pseudonym + "\"", "https://ews.example.com/u/address-")
                .doesNotContainIgnoringCase("ada@", "bob@");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder).isDirectoryNotContaining("glob:**.partial");
    }

    @Test
    void addresses_stay_on_request() throws IOException {
        var file = folder.resolve("b.zip");
        var bundle = new SupportBundle(true);
        bundle.add("log.txt", "ada@example.com");
        bundle.writeTo(file);
        assertThat(text(file, "log.txt")).isEqualTo("ada@example.com");
    }

    @Test
    void unusual_addresses_are_hidden_and_locks_of_threads_are_not() throws IOException {
        var file = folder.resolve("b.zip");
        var bundle = new SupportBundle(false);
        bundle.hideAddress("o/dd=one@example.com");
        bundle.add(
                "log.txt",
                "mary.o'brien@example.com GET /api/v1/mailboxes/ada%40example.com and O/dd=One@example.com,"
                        + " parked on java.util.concurrent.locks.ReentrantLock@1f2e");
        bundle.writeTo(file);
        assertThat(text(file, "log.txt"))
                .doesNotContainIgnoringCase("brien", "ada", "dd=one")
                .contains("ReentrantLock@1f2e", "/api/v1/mailboxes/address-");
    }

    @Test
    void values_from_variables_and_files_are_redacted_wherever_they_appear() throws IOException {
        Files.writeString(folder.resolve("key"), "filesecret\n");
        var config = Files.writeString(
                folder.resolve("c.yaml"), "a: ${env:NAME}\nb: ${file:key}\nc: ${file:absent}\nd: ${env:PORT:-8780}\n");
        var bundle = new SupportBundle(true);
        bundle.hideValuesOf(config, name -> name.equals("NAME") ? Optional.of("envsecret") : Optional.of("8780"));
        bundle.add(
                "log.txt",
                "envsecret filesecret 8780 https://u:pw@crm.example.com/hook?code=1 http://h.example.com/x?y=z&a=b end");
        var file = folder.resolve("b.zip");
        bundle.writeTo(file);
        assertThat(text(file, "log.txt"))
                .isEqualTo("(redacted) (redacted) 8780 https://(redacted)@crm.example.com/hook?(redacted)"
                        + " http://h.example.com/x?(redacted) end");
    }
}
