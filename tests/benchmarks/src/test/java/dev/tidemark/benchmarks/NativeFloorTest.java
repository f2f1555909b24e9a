package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tidemark.benchmarks.server.BenchmarkJsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that the native floor answers and keeps what it acknowledged, if there is a C compiler; its figures
/// are irrelevant here.
final class NativeFloorTest {
    private static final Path SOURCE = Path.of("src/main/c/floor_server.c");

    @TempDir
    private Path folder;

    @Test
    void the_native_floor_keeps_what_it_acknowledges() throws Exception {
        var floor = compiled();
        var json = folder.resolve("figures.json");

        var code = BenchmarkMain.run(
                Clock.systemUTC(),
                "",
                "--only=g",
                "--connections=8",
                "--mailboxes=20",
                "--rounds=1",
                "--duration=0.2",
                "--warm-up=0.1",
                "--trickle=0",
                "--floor=" + floor,
                "--folder=" + folder,
                "--json=" + json);

        assertThat(code).isZero();
        var proofs = BenchmarkJsonCodec.read(Files.readString(json), BenchmarkReport.class)
                .proofs();
        assertThat(proofs).singleElement().matches(proof -> proof.account().events() > 0 && proof.holds());
    }

    private Path compiled() throws InterruptedException {
        var program = folder.resolve("floor_server");
        try {
            var compiler = new ProcessBuilder("cc", "-O2", "-Wall", "-o", program.toString(), SOURCE.toString());
            assumeThat(compiler.inheritIO().start().waitFor()).isZero();
        } catch (IOException noCompiler) {
            assumeThat(program).exists();
        }
        return program;
    }
}
