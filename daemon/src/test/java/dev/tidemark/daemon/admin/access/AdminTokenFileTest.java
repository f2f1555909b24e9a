package dev.tidemark.daemon.admin.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminTokenFileTest {
    @TempDir
    Path folder;

    private Path path() {
        return folder.resolve("data/admin-token");
    }

    private String rights() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path()));
    }

    @Test
    void a_token_is_made_once_and_for_its_owner_only() throws IOException {
        assertThat(new AdminTokenFile(path()).read()).isEmpty();
        var token = new AdminTokenFile(path()).readOrCreate();
        assertThat(token).matches("[0-9a-f]{64}");
        assertThat(rights()).isEqualTo("rw-------");
        assertThat(new AdminTokenFile(path()).readOrCreate()).isEqualTo(token);
        try (var files = Files.list(folder.resolve("data"))) {
            assertThat(files).containsExactly(path());
        }
    }

    @Test
    void rights_of_others_are_taken_away() throws IOException {
        var token = new AdminTokenFile(path()).readOrCreate();
        Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(new AdminTokenFile(path()).readOrCreate()).isEqualTo(token);
        assertThat(rights()).isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "two words that are long enough", "0123456789abcdéf"})
    void a_file_without_a_token_is_no_token(String text) throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(path(), text);
        assertThatIOException()
                .isThrownBy(() -> new AdminTokenFile(path()).readOrCreate())
                .withMessageContaining("holds no token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n"})
    void an_empty_file_as_after_a_power_cut_gets_a_token_that_stays(String text) throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(path(), text);
        var token = new AdminTokenFile(path()).readOrCreate();
        assertThat(token).matches("[0-9a-f]{64}");
        assertThat(new AdminTokenFile(path()).readOrCreate()).isEqualTo(token);
    }

    @Test
    void rights_that_are_narrower_than_ours_stay() throws IOException {
        new AdminTokenFile(path()).readOrCreate();
        Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("r--------"));
        new AdminTokenFile(path()).readOrCreate();
        assertThat(rights()).isEqualTo("r--------");
    }

    @Test
    void of_many_that_create_it_one_wins() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<String>> all = IntStream.range(0, 20)
                    .<Callable<String>>mapToObj(number -> () -> new AdminTokenFile(path()).readOrCreate())
                    .toList();
            var found = new HashSet<String>();
            for (var each : threads.invokeAll(all)) {
                found.add(each.get());
            }
            assertThat(found).hasSize(1);
        }
    }
}
