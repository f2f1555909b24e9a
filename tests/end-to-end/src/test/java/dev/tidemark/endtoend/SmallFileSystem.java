package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Separate small file system, which a test may fill. Skips the test if this machine lets it mount none.
record SmallFileSystem(Path at) implements AutoCloseable {
    static SmallFileSystem mount(Path at) throws IOException {
        Files.createDirectories(at);
        assumeThat(done("mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", at.toString()))
                .as("a small file system can be mounted here")
                .isTrue();
        return new SmallFileSystem(at);
    }

    void readOnly() {
        assumeThat(done("mount", "-o", "remount,ro", at.toString()))
                .as("it can be mounted for reading only")
                .isTrue();
    }

    /// Runs a command of the system; returns whether it succeeded.
    static boolean done(String... command) {
        try {
            return CommandRunner.run(Duration.ofSeconds(10), List.of(command)).exit() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Path ballast() {
        return at.resolve("ballast");
    }

    /// Leaves no space.
    void fill() {
        try (var out = Files.newOutputStream(ballast())) {
            for (var block = new byte[4096]; ; ) {
                out.write(block);
            }
        } catch (IOException expected) {
            assertThat(expected).hasMessageContaining("No space left");
        }
    }

    /// Takes this number of bytes.
    void occupy(int bytes) throws IOException {
        Files.write(ballast(), new byte[bytes]);
    }

    /// Ends [#fill] and [#occupy].
    void free() {
        try {
            Files.delete(ballast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        done("umount", "--lazy", at.toString());
    }
}
