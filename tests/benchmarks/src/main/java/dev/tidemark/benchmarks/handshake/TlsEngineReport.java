package dev.tidemark.benchmarks.handshake;

import dev.tidemark.benchmarks.CommandOptions;
import dev.tidemark.benchmarks.MachineInfo;
import dev.tidemark.benchmarks.handshake.TlsEngineBenchmark.CaseCosts;
import dev.tidemark.benchmarks.handshake.TlsEngineBenchmark.EngineCase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/// Results of a measurement of TLS engines, for JSON and as Markdown. Void if resumed handshakes did not resume.
record TlsEngineReport(Instant at, MachineInfo machine, TlsEngineBenchmark.EnginePlan plan, List<Row> rows)
        implements CommandOptions.Report {
    /// Figures of one kind of handshake, each the median of the rounds.
    ///
    /// @param micros processor time of the server's half
    /// @param kib memory that the server's half allocates
    record Row(EngineCase handshake, double micros, double kib, boolean isValid) {
        static Row of(EngineCase handshake, CaseCosts costs, int handshakes) {
            var rounds = costs.rounds().size();
            // the first handshake of a round has no session to resume
            var isValid = costs.resumed() == (handshake.resumes() ? (long) rounds * (handshakes - 1) : 0);
            return new Row(
                    handshake,
                    median(costs, TlsEnginePair.Cost::nanos) / 1e3 / handshakes,
                    median(costs, TlsEnginePair.Cost::bytes) / 1024 / handshakes,
                    isValid);
        }

        private static double median(CaseCosts costs, ToLongFunction<TlsEnginePair.Cost> figure) {
            var sorted = costs.rounds().stream().mapToLong(figure).sorted().toArray();
            return sorted[sorted.length / 2];
        }
    }

    @Override
    public boolean valid() {
        return rows.stream().allMatch(Row::isValid);
    }

    @Override
    public String markdown() {
        var lines = new ArrayList<String>();
        lines.add("Machine: " + machine.sentence());
        lines.add("");
        lines.add("| provider | TLS | handshake | µs of the server | KiB allocated |");
        lines.add("| --- | --- | --- | ---: | ---: |");
        rows.forEach(row -> lines.add("| %s | %s | %s | %.0f | %.0f |"
                .formatted(row.handshake().provider(), row.handshake().version(), kind(row), row.micros(), row.kib())));
        return String.join("\n", lines) + "\n";
    }

    private static String kind(Row row) {
        var kind = row.handshake().resumes() ? HandshakeBenchmark.RESUMED : HandshakeBenchmark.NEW;
        return row.isValid() ? kind : kind + " (VOID)";
    }
}
