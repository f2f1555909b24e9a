package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that the next process finds the acknowledged records of a killed one, and no lock.
final class KilledProcessTest {
    @TempDir
    private Path directory;

    @Test
    void the_next_process_finds_the_records_that_a_killed_one_acknowledged() throws Exception {
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var output = child.inputReader(StandardCharsets.UTF_8)) {
            for (var i = 0; i < 200; i++) {
                assertThat(output.readLine()).isNotNull();
            }
            assertThatThrownBy(this::open).isInstanceOf(LogInUseException.class);
            child.toHandle().destroyForcibly(); // unlike Process.destroyForcibly, keeps the output readable
            var acknowledged = output.lines().reduce("200", (_, last) -> last);
            child.waitFor();
            try (var log = open()) {
                assertThat(log.newestPosition()).isGreaterThanOrEqualTo(Long.parseLong(acknowledged.trim()));
                assertThat(LogWorkload.records(log, 2))
                        .allSatisfy(record -> assertThat(record.payload()).hasSize((int) record.position() % 3000));
            }
        } finally {
            child.destroyForcibly();
        }
    }

    private SegmentedLog open() {
        return SegmentedLog.open(new FileLogDisk(directory), LogWorkload.CONFIG, InstantSource.system());
    }

    /// Appends until the test kills it, and prints each acknowledged position.
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            try (var log =
                    SegmentedLog.open(new FileLogDisk(Path.of(args[0])), LogWorkload.CONFIG, InstantSource.system())) {
                for (var position = 1; ; position++) {
                    log.append(position, 1, 0, new byte[position % 3000]);
                    System.out.println(position);
                }
            }
        }
    }
}
