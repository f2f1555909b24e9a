package dev.tidemark.daemon.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
                "{\"address\":\"ada@example.com\",\"url\":\"https://ews.example.com/x?u=bob@example.com\"}");
        bundle.writeTo(file);

        assertThat(text(file, "log.txt")).matches("INFO: Enrolled address-[0-9a-f]{10}@masked.invalid in inboxes");
        var pseudonym = text(file, "log.txt").replaceAll(".* (address-\\S+) .*", "$1");
        assertThat(text(file, "state.json"))
                .contains("\"" + pseudonym + "\"", "https://ews.example.com/x?u=address-")
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
}
