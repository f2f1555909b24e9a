package dev.tidemark.benchmarks;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/// Results of a measurement of the store's size, for JSON and as Markdown.
record MonthReport(
        Instant at, MachineInfo machine, MonthSimulation.Plan plan, double emptyMiB, List<Day> days, double closedMiB)
        implements CommandOptions.Report {
    private static final double MIB = 1 << 20;
    /// Tolerance, because pages are sometimes full and sometimes half full.
    private static final double SLACK = 1.1;

    /// @param held events in the journal
    /// @param fileMiB size of all files of the store
    /// @param slowestStepMillis slowest step of retention
    record Day(int day, long held, double fileMiB, double slowestStepMillis) {}

    static double mib(long bytes) {
        return Math.round(bytes / MIB * 10) / 10.0;
    }

    /// Returns whether the file was no larger in the last third than before it.
    @Override
    public boolean valid() {
        var third = days.size() / 3;
        return largest(days.subList(days.size() - third, days.size()))
                <= largest(days.subList(0, days.size() - third)) * SLACK;
    }

    private static double largest(List<Day> days) {
        return days.stream().mapToDouble(Day::fileMiB).max().orElse(0);
    }

    private double bytesAnEvent() {
        var fullest = days.stream().max(Comparator.comparingLong(Day::held)).orElseThrow();
        return (largest(days) - emptyMiB) * MIB / fullest.held();
    }

    @Override
    public String markdown() {
        var lines = new ArrayList<String>();
        lines.add("Machine: " + machine.sentence());
        lines.add(
                "%,d mailboxes, %,d events a day, %d of them a force, %,d saves of a position a day, kept for %d days, %d s of rest a day"
                        .formatted(
                                plan.mailboxes(),
                                plan.events(),
                                plan.commit(),
                                plan.saves(),
                                plan.retention().toDays(),
                                plan.rest().toSeconds()));
        lines.add("");
        lines.add(AsciiTable.getTable(
                BenchmarkReport.MARKDOWN,
                days,
                List.of(
                        column("day", day -> "%d".formatted(day.day())),
                        column("events kept", day -> "%,d".formatted(day.held())),
                        column("MiB on disk", day -> "%,.1f".formatted(day.fileMiB())),
                        column("slowest step of retention, ms", day -> "%.1f".formatted(day.slowestStepMillis())))));
        lines.add("");
        lines.add("- before the first day %.1f MiB, at most %.1f MiB, after the stop %.1f MiB"
                .formatted(emptyMiB, largest(days), closedMiB));
        lines.add("- at most %.0f bytes on disk for each event kept".formatted(bytesAnEvent()));
        lines.add("- the last third no larger than what was before: " + (valid() ? "met" : "missed"));
        return String.join("\n", lines) + "\n";
    }

    private static ColumnData<Day> column(String name, Function<Day, String> value) {
        return new Column().header(name).dataAlign(HorizontalAlign.RIGHT).with(value);
    }
}
