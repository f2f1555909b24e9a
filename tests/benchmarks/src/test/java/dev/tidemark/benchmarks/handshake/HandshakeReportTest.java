package dev.tidemark.benchmarks.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.benchmarks.MachineInfo;
import dev.tidemark.benchmarks.handshake.HandshakeSide.Cost;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HandshakeReportTest {
    private static final HandshakeBenchmark.HandshakePlan PLAN =
            new HandshakeBenchmark.HandshakePlan(List.of("1.3"), 1, 1, 0, 2);

    @Test
    void ratios_are_compared_with_their_targets() {
        var text = report(
                        row(HandshakeBenchmark.NEW, cost(150_000, 100, 0, 0), cost(100_000, 100, 0, 0)),
                        row(HandshakeBenchmark.RESUMED, cost(90_000, 100, 98, 0), cost(50_000, 100, 98, 0)))
                .markdown();

        assertThat(text)
                .contains("| warm | 1.3 | new | 1500 | 1000 | 1.50 |")
                .contains("new / nginx: 1.50 (wanted: at most 1.8; met)")
                .contains("resumed / new: 0.60 (wanted: at most 0.5; missed)")
                .contains("nginx stores nothing");
    }

    @Test
    void a_failure_or_a_session_of_another_kind_proves_nothing() {
        var good = cost(1_000, 100, 98, 0);
        for (var bad : List.of(cost(1_000, 100, 98, 1), cost(1_000, 100, 97, 0), cost(1_000, 0, 0, 0))) {
            var report = report(row(HandshakeBenchmark.RESUMED, good, bad));
            assertThat(report.valid()).isFalse();
            assertThat(report.markdown()).contains("VOID");
        }
        assertThat(report(row(HandshakeBenchmark.NEW, good, good)).valid()).isFalse();
        assertThat(report(row(HandshakeBenchmark.RESUMED, good, good)).valid()).isTrue();
    }

    private static HandshakeReport report(HandshakeReport.Row... rows) {
        var machine = new MachineInfo("cpu", 2, 1024, "Linux", "Java", "ext4");
        return new HandshakeReport(Instant.EPOCH, machine, "0.1 and 0.2", PLAN, List.of(rows));
    }

    private static HandshakeReport.Row row(String kind, Cost tidemark, Cost nginx) {
        return HandshakeReport.Row.of("warm", "1.3", kind, tidemark, nginx);
    }

    private static Cost cost(double micros, long connections, long resumed, long failures) {
        return new Cost(micros, List.of(new HandshakeTurn(connections, resumed, failures, "", 1, 2)));
    }
}
