package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.testsupport.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FreeSpaceMonitorTest {
    private static final int SHORT_OF_ROOM = 17;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    @Test
    void compares_free_bytes_with_the_minimum() {
        assertThat(new FreeSpaceMonitor(folder, 1, clock).enough()).isTrue();
        assertThat(new FreeSpaceMonitor(folder, Long.MAX_VALUE, clock).enough()).isFalse();
        assertThat(new FreeSpaceMonitor(folder, 0, clock).enough()).isTrue();
    }

    @Test
    void a_missing_folder_counts_as_sufficient_space_and_is_named() {
        var gone = folder.resolve("gone");
        var space = new FreeSpaceMonitor(gone, Long.MAX_VALUE, clock);

        assertThat(space.enough()).isTrue();
        assertThat(space.unreadable(new NoSuchFileException(gone.toString())))
                .isEqualTo("Failed to read the free space at " + gone + ": " + gone
                        + " does not exist; it counts as sufficient until the next successful check");
    }

    @Test
    void is_known_even_if_no_more_files_can_be_opened() throws IOException, InterruptedException {
        var shell = Path.of("/bin/sh");
        assumeTrue(Files.isExecutable(shell), "a shell that limits open files");
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var child = new ProcessBuilder(
                        shell.toString(),
                        "-c",
                        "ulimit -n 128 && exec \"$@\"",
                        "sh",
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        OutOfFiles.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();

        assertThat(child.waitFor()).isEqualTo(SHORT_OF_ROOM);
    }

    /// Process that exits with [#SHORT_OF_ROOM] if the measurement succeeded.
    static final class OutOfFiles {
        private OutOfFiles() {}

        public static void main(String[] arguments) throws IOException {
            var clock = new SettableClock();
            var folder = Path.of(arguments[0]);
            var file = Files.writeString(folder.resolve("file"), "");
            var space = new FreeSpaceMonitor(folder, Long.MAX_VALUE, clock);
            // also loads classes that cannot be loaded later
            var before = space.enough();
            useUpAllFiles(file);
            clock.advance(Duration.ofSeconds(2));
            Runtime.getRuntime().halt(!before && !space.enough() ? SHORT_OF_ROOM : 1);
        }

        private static void useUpAllFiles(Path file) {
            var open = new ArrayList<InputStream>();
            try {
                while (open.size() < 100_000) {
                    open.add(Files.newInputStream(file));
                }
            } catch (IOException usedUp) {
                return;
            }
            throw new IllegalStateException("files are not limited here");
        }
    }
}
