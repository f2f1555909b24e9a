package dev.tidemark.benchmarks.handshake;

import dev.tidemark.benchmarks.CommandOptions;
import dev.tidemark.benchmarks.MachineInfo;
import dev.tidemark.benchmarks.handshake.HandshakeSide.Cost;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Results of a measurement of TLS connections, for JSON and as Markdown. Void if a server failed to acknowledge, or
/// if resumed connections did not resume.
record HandshakeReport(
        Instant at, MachineInfo machine, String load, HandshakeBenchmark.HandshakePlan plan, List<Row> rows)
        implements CommandOptions.Report {
    private static final double WANTED_NEW = 1.8;
    private static final double WANTED_RESUMED = 0.5;

    /// Costs of both servers in the same turns.
    record Row(String state, String version, String kind, Side tidemark, Side nginx) {
        static Row of(String state, String version, String kind, Cost tidemark, Cost nginx) {
            return new Row(state, version, kind, Side.of(tidemark), Side.of(nginx));
        }

        double ratio() {
            return tidemark.micros() / nginx.micros();
        }

        boolean valid(int threads) {
            return tidemark.valid(kind, threads) && nginx.valid(kind, threads);
        }
    }

    /// Figures of a server.
    ///
    /// @param micros processor time per connection
    /// @param p50 median of the medians of the turns, in milliseconds, from the connection to the response
    record Side(
            double micros,
            int turns,
            long connections,
            long resumed,
            long failures,
            String failure,
            double p50,
            double p99) {
        static Side of(Cost cost) {
            return new Side(
                    cost.microsPerConnection(),
                    cost.turns().size(),
                    cost.connections(),
                    cost.resumed(),
                    cost.failures(),
                    cost.failure(),
                    median(cost.turns().stream()
                            .mapToDouble(HandshakeTurn::p50)
                            .sorted()
                            .toArray()),
                    median(cost.turns().stream()
                            .mapToDouble(HandshakeTurn::p99)
                            .sorted()
                            .toArray()));
        }

        private static double median(double[] sorted) {
            return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
        }

        /// Returns true if all requests were acknowledged and all sessions were of this kind. The first connection of
        /// a thread in a turn has no session to resume.
        boolean valid(String kind, int threads) {
            var isExpected = kind.equals(HandshakeBenchmark.RESUMED)
                    ? resumed >= connections - (long) threads * turns
                    : resumed == 0;
            return connections > 0 && failures == 0 && isExpected;
        }
    }

    @Override
    public boolean valid() {
        return rows.stream().allMatch(row -> row.valid(plan.threads()));
    }

    @Override
    public String markdown() {
        var lines = new ArrayList<String>();
        lines.add("Machine: " + machine.sentence());
        lines.add("");
        lines.add("| state | TLS | connections | Tidemark µs | nginx µs | ratio | p50 ms | p99 ms |");
        lines.add("| --- | --- | --- | ---: | ---: | ---: | --- | --- |");
        rows.forEach(row -> lines.add("| %s | %s | %s | %.0f | %.0f | %.2f | %.2f / %.2f | %.2f / %.2f |"
                .formatted(
                        row.state(),
                        row.version(),
                        row.kind(),
                        row.tidemark().micros(),
                        row.nginx().micros(),
                        row.ratio(),
                        row.tidemark().p50(),
                        row.nginx().p50(),
                        row.tidemark().p99(),
                        row.nginx().p99())));
        lines.add("");
        lines.add("Load of the machine before and after: %s.".formatted(load));
        lines.add("");
        lines.add("nginx stores nothing; Tidemark forces each callback to disk before it responds.");
        lines.add("");
        rows.forEach(row -> addVerdict(lines, row));
        return String.join("\n", lines) + "\n";
    }

    private void addVerdict(List<String> lines, Row row) {
        var name = "%s, TLS %s, %s".formatted(row.state(), row.version(), row.kind());
        if (!row.valid(plan.threads())) {
            lines.add("- VOID: %s: %s %s".formatted(name, row.tidemark(), row.nginx()));
        } else if (row.kind().equals(HandshakeBenchmark.NEW)) {
            lines.add(verdict(name + " / nginx", row.ratio(), WANTED_NEW));
        } else {
            rows.stream()
                    .filter(other -> other.state().equals(row.state())
                            && other.version().equals(row.version())
                            && other.kind().equals(HandshakeBenchmark.NEW))
                    .forEach(other -> lines.add(verdict(
                            name + " / new",
                            row.tidemark().micros() / other.tidemark().micros(),
                            WANTED_RESUMED)));
        }
    }

    private static String verdict(String name, double ratio, double wanted) {
        return "- %s: %.2f (wanted: at most %.1f; %s)"
                .formatted(name, ratio, wanted, ratio <= wanted ? "met" : "missed");
    }
}
