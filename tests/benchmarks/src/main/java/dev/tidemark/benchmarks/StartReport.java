package dev.tidemark.benchmarks;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.tidemark.benchmarks.server.MeasuredDaemon;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/// Results of a measurement of starts, for JSON and as Markdown.
record StartReport(Instant at, MachineInfo machine, List<Row> rows) implements CommandOptions.Report {
    private static final double NO_TARGET = Double.MAX_VALUE;

    /// Targets per number of mailboxes, for every start.
    private static final List<Wanted> WANTED =
            List.of(new Wanted(10, 1, 150, NO_TARGET), new Wanted(100_000, 2.5, NO_TARGET, 128));

    private record Wanted(int mailboxes, double seconds, double residentMiB, double liveMiB) {}

    /// Median, least and greatest value of a figure.
    record Spread(double median, double least, double greatest) {
        static Spread of(DoubleStream figures) {
            var sorted = figures.sorted().toArray();
            return new Spread(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
        }

        String text(String format) {
            return (format + " (" + format + "–" + format + ")").formatted(median, least, greatest);
        }
    }

    /// Figures of the starts with one set of JVM options.
    record Row(
            int mailboxes,
            String options,
            int starts,
            Spread seconds,
            Spread processorSeconds,
            Optional<Spread> residentMiB,
            Spread liveMiB) {
        static Row of(int mailboxes, String options, List<MeasuredDaemon.Start> starts) {
            var resident = starts.stream()
                    .flatMapToDouble(start -> start.residentMiB().stream())
                    .toArray();
            return new Row(
                    mailboxes,
                    options,
                    starts.size(),
                    spread(starts, MeasuredDaemon.Start::seconds),
                    spread(starts, MeasuredDaemon.Start::processorSeconds),
                    resident.length == 0 ? Optional.empty() : Optional.of(Spread.of(Arrays.stream(resident))),
                    spread(starts, MeasuredDaemon.Start::liveMiB));
        }

        private static Spread spread(List<MeasuredDaemon.Start> starts, ToDoubleFunction<MeasuredDaemon.Start> figure) {
            return Spread.of(starts.stream().mapToDouble(figure));
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
                        column("options", row -> row.options().isEmpty() ? "" : "`" + row.options() + "`"),
                        column("starts", row -> "%d".formatted(row.starts())),
                        column("seconds to ready", row -> row.seconds().text("%.2f")),
                        column(
                                "processor seconds",
                                row -> row.processorSeconds().text("%.2f")),
                        column(
                                "resident MiB",
                                row -> row.residentMiB()
                                        .map(resident -> resident.text("%.0f"))
                                        .orElse("")),
                        column("live MiB", row -> "%.1f".formatted(row.liveMiB().median())))));
        lines.add("");
        rows.forEach(row -> WANTED.stream()
                .filter(wanted -> wanted.mailboxes() == row.mailboxes())
                .forEach(wanted -> addVerdicts(lines, row, wanted)));
        return String.join("\n", lines) + "\n";
    }

    private static void addVerdicts(List<String> lines, Row row, Wanted wanted) {
        var of = "%,d mailboxes%s"
                .formatted(row.mailboxes(), row.options().isEmpty() ? "" : " and `" + row.options() + "`");
        add(lines, "slowest start with " + of, row.seconds(), wanted.seconds(), "%.2f s");
        row.residentMiB()
                .ifPresent(resident ->
                        add(lines, "greatest resident memory with " + of, resident, wanted.residentMiB(), "%.0f MiB"));
        add(lines, "greatest live heap with " + of, row.liveMiB(), wanted.liveMiB(), "%.1f MiB");
    }

    private static void add(List<String> lines, String name, Spread found, double wanted, String format) {
        if (wanted < NO_TARGET) {
            lines.add(("- %s: " + format + " (wanted: under " + format + "; %s)")
                    .formatted(name, found.greatest(), wanted, word(found.greatest() < wanted)));
        }
    }

    private static String word(boolean met) {
        return met ? "met" : "missed";
    }

    private static ColumnData<Row> column(String name, Function<Row, String> value) {
        return new Column().header(name).dataAlign(HorizontalAlign.RIGHT).with(value);
    }
}
