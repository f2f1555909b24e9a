package dev.tidemark.benchmarks;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.tidemark.benchmarks.server.BenchmarkCase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// Results of a run, for JSON and as Markdown.
record BenchmarkReport(
        Instant at,
        MachineInfo machine,
        DiskProbe disk,
        List<String> jvmOptions,
        List<BenchmarkResult.Row> flatOut,
        List<BenchmarkResult.Row> steady,
        List<BenchmarkResult.Row> trickle,
        List<Ratio> ratios,
        List<DurabilityCheck> proofs)
        implements CommandOptions.Report {
    static final Character[] MARKDOWN = {
        null, null, null, null, '|', '|', '|', '|', '-', '|', '|', '|', '|', '|', null, null, null, null, null, null,
        null, null, null, null, null, null, null, null, null
    };

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
        lines.add("JVM of every server: `" + String.join(" ", jvmOptions) + "`");
        lines.add("");
        lines.add("As fast as each can" + (valid() ? "" : " (VOID)") + ":");
        lines.add("");
        lines.add(table(flatOut));
        if (!steady.isEmpty()) {
            lines.add("");
            lines.add("At a steady rate, from when a request was due to its acknowledgement:");
            lines.add("");
            lines.add(table(steady));
        }
        if (!trickle.isEmpty()) {
            lines.add("");
            lines.add("At one event per second:");
            lines.add("");
            lines.add(table(trickle));
        }
        lines.add("");
        ratios.forEach(ratio -> lines.add("- " + ratio.sentence()));
        lines.add("");
        proofs.forEach(proof -> lines.add("- " + proof.sentence()));
        return String.join("\n", lines) + "\n";
    }

    private static String table(List<BenchmarkResult.Row> rows) {
        return AsciiTable.getTable(
                MARKDOWN,
                rows,
                List.of(
                        text("entry", BenchmarkResult.Row::entry),
                        number("mailboxes", row -> row.mailboxes(), "%.0f"),
                        number("connections", row -> row.connections(), "%.0f"),
                        number("a second", BenchmarkResult.Row::perSecond, "%,.0f"),
                        text("rounds", row -> "%,.0f–%,.0f".formatted(row.slowestRound(), row.fastestRound())),
                        number("p50 ms", BenchmarkResult.Row::p50Millis, "%.2f"),
                        number("p99 ms", BenchmarkResult.Row::p99Millis, "%.2f"),
                        number("p99.9 ms", BenchmarkResult.Row::p999Millis, "%.2f"),
                        number("503", row -> row.refused(), "%.0f"),
                        number("server µs", BenchmarkResult.Row::serverMicros, "%.0f"),
                        number("generator µs", BenchmarkResult.Row::generatorMicros, "%.0f"),
                        number("disk bytes", BenchmarkResult.Row::diskBytes, "%,.0f")));
    }

    private static ColumnData<BenchmarkResult.Row> text(String name, Function<BenchmarkResult.Row, String> value) {
        return new Column().header(name).dataAlign(HorizontalAlign.LEFT).with(value);
    }

    private static ColumnData<BenchmarkResult.Row> number(
            String name, ToDoubleFunction<BenchmarkResult.Row> value, String format) {
        return new Column()
                .header(name)
                .dataAlign(HorizontalAlign.RIGHT)
                .with(row -> String.format(Locale.ROOT, format, value.applyAsDouble(row)));
    }

    /// Ratio of two rows.
    ///
    /// @param wanted limit, or 0 without one
    /// @param atMost true if `wanted` is an upper limit
    record Ratio(String name, double value, double wanted, boolean atMost) {
        Ratio(String name, double value, double wanted) {
            this(name, value, wanted, false);
        }

        String sentence() {
            var goal = "(wanted: %s%.2f; %s)".formatted(atMost ? "at most " : "", wanted, met() ? "met" : "missed");
            return String.format(Locale.ROOT, "%s: %.2f%s", name, value, wanted > 0 ? " " + goal : "");
        }

        private boolean met() {
            return atMost ? value <= wanted : value >= wanted;
        }
    }

    static Optional<BenchmarkResult.Row> find(List<BenchmarkResult.Row> rows, BenchmarkCase entry) {
        return rows.stream()
                .filter(row -> row.entry().equals(entry.name())
                        && row.mailboxes() == entry.mailboxes()
                        && row.connections() == entry.connections())
                .findFirst();
    }
}
