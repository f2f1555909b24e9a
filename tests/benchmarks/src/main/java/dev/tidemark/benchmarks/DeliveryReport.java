package dev.tidemark.benchmarks;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.tidemark.benchmarks.BenchmarkReport.Ratio;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Results of a measurement of deliveries, for JSON and as Markdown.
record DeliveryReport(
        Instant at,
        MachineInfo machine,
        DiskProbe disk,
        List<String> jvmOptions,
        List<Row> rows,
        List<Ratio> ratios,
        Optional<SinkIsolationBenchmark.Measurement> neighbours,
        Optional<ClosingRun.Measurement> closing,
        Optional<BacklogBenchmark.Measurement> backlog,
        List<Proof> proofs)
        implements CommandOptions.Report {
    /// Processor times are microseconds per event.
    record Row(
            String entry,
            int connections,
            int batch,
            double perSecond,
            double slowestRound,
            double fastestRound,
            double senderMicros,
            double receiverMicros) {}

    /// Result of the check that the receiver has every event once and the sender recorded that.
    record Proof(String entry, long taken, long moved, long received, long distinct) {
        boolean holds() {
            return taken == received && received == distinct && moved == distinct;
        }

        String sentence() {
            return "%s: %d events taken, %d received, %d of them distinct, position on by %d: %s."
                    .formatted(entry, taken, received, distinct, moved, holds() ? "proven" : "VOID");
        }
    }

    @Override
    public boolean valid() {
        return proofs.stream().allMatch(Proof::holds)
                && neighbours.filter(found -> !found.holds()).isEmpty()
                && closing.filter(found -> !found.holds()).isEmpty()
                && backlog.filter(found -> !found.holds()).isEmpty();
    }

    @Override
    public String markdown() {
        var lines = new ArrayList<String>();
        lines.add("Machine: " + machine.sentence());
        lines.add("4 KiB write and force: p50 %.3f ms, p99 %.3f ms (%d samples)"
                .formatted(disk.p50Millis(), disk.p99Millis(), disk.samples()));
        lines.add("JVM of every process: `" + String.join(" ", jvmOptions) + "`");
        lines.add("");
        if (!rows.isEmpty()) {
            lines.add(table(
                    rows,
                    List.of(
                            text("entry", Row::entry),
                            number("requests at a time", row -> "%d".formatted(row.connections())),
                            number("events a second", row -> "%,.0f".formatted(row.perSecond())),
                            text("rounds", row -> "%,.0f–%,.0f".formatted(row.slowestRound(), row.fastestRound())),
                            number("sender µs", row -> "%.1f".formatted(row.senderMicros())),
                            number("receiver µs", row -> "%.1f".formatted(row.receiverMicros())))));
            lines.add("");
        }
        ratios.forEach(ratio -> lines.add("- " + ratio.sentence()));
        proofs.forEach(proof -> lines.add("- " + proof.sentence()));
        neighbours.ifPresent(found -> addNeighbours(lines, found));
        closing.ifPresent(found -> addClosing(lines, found));
        backlog.ifPresent(found -> addBacklog(lines, found));
        return String.join("\n", lines) + "\n";
    }

    private static void addNeighbours(List<String> lines, SinkIsolationBenchmark.Measurement found) {
        lines.add("");
        lines.add("A healthy sink at %.0f events per second, alone, and beside one that refuses connections and one"
                .formatted(found.perSecond()));
        lines.add("that answers after 14 s; from when an event was due until its receiver had it"
                + (found.holds() ? "" : " (VOID: some did not arrive)") + ":");
        lines.add("");
        lines.add(phases("phase", found.phases()));
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "- p99 beside the others by p99 alone: %.2f (wanted: at most 1.5; %s)",
                found.ratio(),
                found.ratio() <= 1.5 ? "met" : "missed"));
    }

    private static void addClosing(List<String> lines, ClosingRun.Measurement found) {
        lines.add("");
        lines.add("A receiver that closes idle connections, at %.0f events per second%s:"
                .formatted(found.perSecond(), found.holds() ? "" : " (VOID: some did not arrive)"));
        lines.add("");
        lines.add(phases("receiver", found.phases()));
        lines.add("");
        lines.add("An EWS service that closes idle connections, asked every half second; a request that fails is made");
        lines.add("again after 2 s:");
        lines.add("");
        lines.add(table(
                found.asked(),
                List.of(
                        text("service", ClosingRun.RequestSeries::server),
                        number("requests", asked -> "%d".formatted(asked.requests())),
                        number("failed", asked -> "%d".formatted(asked.failed())),
                        number("seconds", asked -> "%.1f".formatted(asked.seconds())))));
    }

    private static String phases(String title, List<SinkIsolationBenchmark.Phase> phases) {
        return table(
                phases,
                List.of(
                        text(title, SinkIsolationBenchmark.Phase::name),
                        number("events", phase -> "%d".formatted(phase.events())),
                        number("arrived", phase -> "%d".formatted(phase.arrived())),
                        number("p50 ms", phase -> "%.2f".formatted(phase.p50Millis())),
                        number("p99 ms", phase -> "%.2f".formatted(phase.p99Millis())),
                        number("slowest ms", phase -> "%.2f".formatted(phase.maxMillis()))));
    }

    private static void addBacklog(List<String> lines, BacklogBenchmark.Measurement found) {
        lines.add("");
        lines.add("Catching up with a heap of %d MiB: %,d events in %.1f s%s. What lived in the heap:"
                .formatted(
                        found.heapMiB(),
                        found.delivered(),
                        found.seconds(),
                        found.holds() ? "" : " (VOID: of " + found.events() + ")"));
        lines.add("");
        lines.add(table(
                found.samples(),
                List.of(
                        number("events behind", sample -> "%,d".formatted(sample.behind())),
                        number("live MiB", sample -> "%.1f".formatted(sample.liveMiB())))));
    }

    private static <T> String table(List<T> rows, List<ColumnData<T>> columns) {
        return AsciiTable.getTable(BenchmarkReport.MARKDOWN, rows, columns);
    }

    private static <T> ColumnData<T> text(String name, Function<T, String> value) {
        return new Column().header(name).dataAlign(HorizontalAlign.LEFT).with(value);
    }

    private static <T> ColumnData<T> number(String name, Function<T, String> value) {
        return new Column().header(name).dataAlign(HorizontalAlign.RIGHT).with(value);
    }
}
