package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Checks the launcher's class cache: it shortens starts and never prevents one.
final class ClassCacheIT {
    private static final String USED = "Opened AOT cache";
    private static final String MADE = "preparing the JVM's cache of classes";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void the_first_start_makes_the_cache_and_the_next_ones_use_it_until_it_is_damaged()
            throws IOException, InterruptedException {
        assertThat(start(folder).err()).anyMatch(line -> line.contains(MADE));
        var second = start(folder);
        assertThat(second.out()).anyMatch(line -> line.contains(USED));
        assertThat(second.err()).noneMatch(line -> line.contains(MADE));

        damage(cache());
        var third = start(folder);
        assertThat(third.out()).noneMatch(line -> line.contains(USED));
        assertThat(third.err()).noneMatch(line -> line.contains(MADE));
    }

    @Test
    void a_start_without_a_folder_for_the_cache_is_a_start() throws IOException, InterruptedException {
        var result = start(folder.resolve("missing"));
        assertThat(result.err()).hasSize(1);
        assertThat(result.out()).noneMatch(line -> line.contains(USED));
    }

    /// Runs until the message about the missing configuration, which proves that the JVM started.
    private CommandRunner.Result start(Path cacheFolder) throws IOException, InterruptedException {
        var result = CommandRunner.run(
                Duration.ofMinutes(5),
                List.of(
                        "env",
                        "CACHE_DIRECTORY=" + cacheFolder,
                        "TIDEMARK_OPTS=-Xlog:aot",
                        InstalledDistribution.launcher().toString(),
                        "run",
                        "--config",
                        folder.resolve("missing.yaml").toString()));
        assertThat(result.exit()).as(result::all).isEqualTo(3);
        assertThat(result.err().getLast()).contains("missing.yaml");
        return result;
    }

    private Path cache() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".aot"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void damage(Path file) throws IOException {
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(bytes.length() - 100_000);
            bytes.write(new byte[4_096]);
            bytes.write("damage".getBytes(StandardCharsets.UTF_8));
        }
    }
}
