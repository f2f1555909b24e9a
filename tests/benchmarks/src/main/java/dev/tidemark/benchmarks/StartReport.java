package dev.tidemark.benchmarks;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.tidemark.benchmarks.server.MeasuredDaemon;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// Results of a measurement of starts, for JSON and as Markdown.
record StartReport(Instant at, MachineInfo machine, List<Row> rows) implements CommandOptions.Report {
    /// Targets per number of mailboxes.
    private static final List<Wanted> WANTED =
            List.of(new Wanted(10, 1, Double.MAX_VALUE), new Wanted(100_000, 2.5, 128));

    private record Wanted(int mailboxes, double seconds, double liveMiB) {}

    /// Medians, minimum and maximum.
    record Row(
            int mailboxes,
            int starts,
            double seconds,
            double fastest,
            double slowest,
            double processorSeconds,
            double liveMiB) {
        static Row of(int mailboxes, List<MeasuredDaemon.Start> starts) {
            var seconds = sorted(starts, MeasuredDaemon.Start::seconds);
            return new Row(
                    mailboxes,
                    starts.size(),
                    median(seconds),
                    seconds.getFirst(),
                    seconds.getLast(),
                    median(sorted(starts, MeasuredDaemon.Start::processorSeconds)),
                    median(sorted(starts, MeasuredDaemon.Start::liveMiB)));
        }

        private static List<Double> sorted(
                List<MeasuredDaemon.Start> starts, ToDoubleFunction<MeasuredDaemon.Start> figure) {
            return starts.stream().mapToDouble(figure).sorted().boxed().toList();
        }

        private static double median(List<Double> sorted) {
            return sorted.get(sorted.size() / 2);
        }
    }

    /// Returns true: this report has no condition.
    @Override
    public boolean valid() {
        return true;
    }

    @Override
    public String markdown() {
        var lines = new ArrayList<String>();
        lines.add("Machine: " + machine.sentence());
        lines.add("");
        lines.add(AsciiTable.getTable(
                BenchmarkReport.MARKDOWN,
                rows,
                List.of(
                        column("mailboxes", row -> "%,d".formatted(row.mailboxes())),
                        column("starts", row -> "%d".formatted(row.starts())),
                        column("seconds to ready", row -> "%.2f".formatted(row.seconds())),
                        column("all", row -> "%.2f–%.2f".formatted(row.fastest(), row.slowest())),
                        column("processor seconds", row -> "%.2f".formatted(row.processorSeconds())),
                        column("live MiB", row -> "%.1f".formatted(row.liveMiB())))));
        lines.add("");
        rows.forEach(row -> WANTED.stream()
                .filter(wanted -> wanted.mailboxes() == row.mailboxes())
                .forEach(wanted -> addVerdict(lines, row, wanted)));
        return String.join("\n", lines) + "\n";
    }

    private static void addVerdict(List<String> lines, Row row, Wanted wanted) {
        lines.add("- ready with %,d mailboxes: %.2f s (wanted: under %.1f; %s)"
                .formatted(row.mailboxes(), row.seconds(), wanted.seconds(), word(row.seconds() < wanted.seconds())));
        if (wanted.liveMiB() < Double.MAX_VALUE) {
            lines.add("- live heap with %,d mailboxes: %.1f MiB (wanted: under %.0f; %s)"
                    .formatted(
                            row.mailboxes(), row.liveMiB(), wanted.liveMiB(), word(row.liveMiB() < wanted.liveMiB())));
        }
    }

    private static String word(boolean met) {
        return met ? "met" : "missed";
    }

    private static ColumnData<Row> column(String name, Function<Row, String> value) {
        return new Column().header(name).dataAlign(HorizontalAlign.RIGHT).with(value);
    }
}
