package dev.tidemark.benchmarks.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.benchmarks.server.TlsContexts;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsEngineBenchmarkTest {
    @TempDir
    private Path folder;

    @Test
    void handshakes_are_new_or_resumed_as_requested() throws Exception {
        var plan = new TlsEngineBenchmark.EnginePlan(List.of("1.2", "1.3"), 1, 5, 2, List.of("secp256r1", "x25519"));
        var contexts = Map.of("JDK", TlsContexts.create(folder, Optional.empty()));

        var report = new TlsEngineBenchmark(plan, contexts, text -> {}).run(Instant.EPOCH, folder);

        assertThat(report.valid()).as(report.markdown()).isTrue();
        assertThat(report.rows()).hasSize(4).allMatch(row -> row.micros() > 0 && row.kib() > 0);
        assertThat(report.markdown()).contains("| JDK | 1.2 | resumed |", "| JDK | 1.3 | new |");
    }
}
