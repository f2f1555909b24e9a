package dev.tidemark.benchmarks;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Results of a measurement of slow acknowledgements, for JSON and as Markdown.
record TailReport(
        Instant at,
        MachineInfo machine,
        DiskProbe disk,
        List<String> jvmOptions,
        List<Row> rows,
        List<DurabilityCheck> proofs)
        implements CommandOptions.Report {
    private static final double TIMES = 3;
    private static final double MILLIS = 5;

    /// @param rate notifications per second that were due
    record Row(String phase, int rate, BenchmarkResult.Row daemon, BenchmarkResult.Row floor) {
        /// Returns whether the daemon's p99 meets its limit, either absolutely or relative to the floor's.
        boolean met() {
            return daemon.p99Millis() <= Math.max(MILLIS, TIMES * floor.p99Millis());
        }
    }

    @Override
    public boolean valid() {
        return proofs.stream().allMatch(DurabilityCheck::holds);
    }

    @Override
    public String markdown() {
        var lines = new ArrayList<String>();
        lines.add("Machine: " + machine.sentence());
        lines.add("4 KiB write and force: p50 %.3f ms, p99 %.3f ms (%d samples)"
                .formatted(disk.p50Millis(), disk.p99Millis(), disk.samples()));
        lines.add("JVM of the daemon: `" + String.join(" ", jvmOptions) + "`");
        lines.add("");
        lines.add("Milliseconds from when a request was due to its acknowledgement, (f) / (g) = ratio"
                + (valid() ? "" : " (VOID)") + ":");
        lines.add("");
        lines.add(AsciiTable.getTable(
                BenchmarkReport.MARKDOWN,
                rows,
                List.of(
                        column("mailboxes", row -> "%,d".formatted(row.daemon().mailboxes())),
                        column("when", Row::phase),
                        column("a second", row -> "%,d".formatted(row.rate())),
                        column("p50", row -> compared(row, BenchmarkResult.Row::p50Millis)),
                        column("p99", row -> compared(row, BenchmarkResult.Row::p99Millis)),
                        column("p99.9", row -> compared(row, BenchmarkResult.Row::p999Millis)),
                        column("p99 wanted", row -> row.met() ? "met" : "missed"))));
        lines.add("");
        lines.add("Wanted: p99 of at most %.0f times (g)'s, or %.0f ms.".formatted(TIMES, MILLIS));
        lines.add("");
        proofs.forEach(proof -> lines.add("- " + proof.sentence()));
        return String.join("\n", lines) + "\n";
    }

    private static String compared(Row row, Function<BenchmarkResult.Row, Double> figure) {
        var daemon = figure.apply(row.daemon());
        var floor = figure.apply(row.floor());
        return String.format(Locale.ROOT, "%.2f / %.2f = %.1f", daemon, floor, daemon / floor);
    }

    private static ColumnData<Row> column(String name, Function<Row, String> value) {
        return new Column().header(name).dataAlign(HorizontalAlign.RIGHT).with(value);
    }
}
