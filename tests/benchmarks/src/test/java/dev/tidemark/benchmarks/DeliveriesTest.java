package dev.tidemark.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.benchmarks.server.BenchmarkJsonCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that the measurement of deliveries runs and its proof holds; its figures are irrelevant here.
final class DeliveriesTest {
    @TempDir
    private Path folder;

    @Test
    void a_run_proves_that_every_event_arrived_once() throws Exception {
        var json = folder.resolve("figures.json");

        var code = BenchmarkMain.run(
                Clock.systemUTC(),
                "",
                "deliveries",
                "--only=single,backlog",
                "--mailboxes=20",
                "--events=300",
                "--behind=2000",
                "--rounds=1",
                "--duration=0.3",
                "--warm-up=0.1",
                "--folder=" + folder,
                "--json=" + json);

        assertThat(code).isZero();
        var report = BenchmarkJsonCodec.read(Files.readString(json), DeliveryReport.class);
        assertThat(report.proofs()).hasSize(2).allMatch(proof -> proof.distinct() > 0 && proof.holds());
        assertThat(report.backlog().orElseThrow().samples()).hasSize(11);
    }

    @Test
    void the_receiver_finds_the_id_of_each_event_in_a_body() {
        var one = "evt_" + "a".repeat(26);
        var other = "evt_" + "2".repeat(26);
        var body = "[{\"specversion\":\"1.0\",\"id\":\"%s\",\"data\":{\"item\":{\"id\":\"AAMk\"}}},{\"id\":\"%s\"}]"
                .formatted(one, other);

        assertThat(WebhookRecorder.idsIn(body.getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(List.of(one.substring(4), other.substring(4)));
    }

    @Test
    void a_figure_is_void_where_an_event_came_twice_or_not_at_all() {
        assertThat(new DeliveryReport.Proof("b", 10, 10, 10, 10).holds()).isTrue();
        assertThat(new DeliveryReport.Proof("b", 10, 10, 10, 9).holds()).isFalse();
        assertThat(new DeliveryReport.Proof("b", 10, 10, 9, 9).holds()).isFalse();
        assertThat(new DeliveryReport.Proof("b", 10, 9, 10, 10).holds()).isFalse();
    }
}
