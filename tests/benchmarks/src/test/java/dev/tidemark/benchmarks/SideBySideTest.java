package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.benchmarks.server.BenchmarkJsonCodec;
import dev.tidemark.benchmarks.server.ComparedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that the comparison runs and its proof holds; its figures are irrelevant here.
final class SideBySideTest {
    @TempDir
    private Path folder;

    @Test
    void a_run_proves_that_every_acknowledged_event_is_on_disk_once() throws Exception {
        var json = folder.resolve("figures.json");
        var clock = Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);

        var code = BenchmarkMain.run(
                clock,
                "",
                "--only=a,b,e,h,i",
                "--connections=8",
                "--mailboxes=20",
                "--populations=0",
                "--rounds=1",
                "--duration=0.2",
                "--warm-up=0.1",
                "--steady=0.3",
                "--trickle=1",
                "--folder=" + folder,
                "--json=" + json);

        assertThat(code).isZero();
        var report = BenchmarkJsonCodec.read(Files.readString(json), BenchmarkReport.class);
        assertThat(report.flatOut()).hasSize(8).allMatch(row -> row.acknowledged() > 0);
        assertThat(report.proofs())
                .filteredOn(proof -> proof.server() == ComparedServer.TIDEMARK
                        || proof.server() == ComparedServer.POSTGRES
                        || proof.server() == ComparedServer.POSTGRES_FLOOR)
                .hasSize(3)
                .allMatch(proof -> proof.account().events() > 0 && proof.holds());
    }
}
