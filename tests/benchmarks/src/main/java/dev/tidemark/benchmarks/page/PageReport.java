package dev.tidemark.benchmarks.page;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.tidemark.benchmarks.CommandOptions;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/// Results of a measurement of the status page, as Markdown.
///
/// @param acknowledgedPerSecond notifications per second that the daemon acknowledged during the calls
/// @param paints milliseconds from each navigation to its first contentful paint
record PageReport(
        PageBenchmark.PagePlan plan,
        double acknowledgedPerSecond,
        List<CallTimes> calls,
        PageBenchmark.UnderLoad<List<Double>> paints)
        implements CommandOptions.Report {
    private static final double MAX_CALL_MILLIS = 100;
    private static final double MAX_PAINT_MILLIS = 1_000;
    private static final int MAX_WIDTH = 120;

    /// Times of one call in milliseconds.
    ///
    /// @param processor processor time of the daemon while no notifications arrive
    record CallTimes(String call, long count, double p50, double p99, double slowest, double processor) {
        static CallTimes of(String call, Histogram nanos, double processorMillis) {
            return new CallTimes(
                    call,
                    nanos.getTotalCount(),
                    nanos.getValueAtPercentile(50) / 1e6,
                    nanos.getValueAtPercentile(99) / 1e6,
                    nanos.getMaxValue() / 1e6,
                    processorMillis);
        }
    }

    static PageReport of(
            PageBenchmark.PagePlan plan,
            double acknowledgedPerSecond,
            Map<String, Histogram> times,
            Map<String, Double> processorMillis,
            PageBenchmark.UnderLoad<List<Double>> paints) {
        var calls = times.entrySet().stream()
                .map(entry -> CallTimes.of(
                        entry.getKey(), entry.getValue(), processorMillis.getOrDefault(entry.getKey(), Double.NaN)))
                .toList();
        return new PageReport(plan, acknowledgedPerSecond, calls, paints);
    }

    @Override
    public boolean valid() {
        return true;
    }

    @Override
    public String markdown() {
        var name = new Column()
                .header("call")
                .dataAlign(HorizontalAlign.LEFT)
                .maxWidth(MAX_WIDTH)
                .with(CallTimes::call);
        var table = AsciiTable.getTable(
                AsciiTable.NO_BORDERS,
                calls,
                List.of(
                        name,
                        number("count", call -> "" + call.count()),
                        number("p50 ms", call -> "%.1f".formatted(call.p50())),
                        number("p99 ms", call -> "%.1f".formatted(call.p99())),
                        number("slowest ms", call -> "%.1f".formatted(call.slowest())),
                        number("processor ms", call -> "%.2f".formatted(call.processor()))));
        var load =
                "%,d mailboxes, %.0f notifications per second due, %.0f acknowledged during the calls, %.0f during the paints"
                        .formatted(
                                plan.mailboxes(), plan.rate(), acknowledgedPerSecond, paints.acknowledgedPerSecond());
        var slowest = calls.stream().mapToDouble(CallTimes::p99).max().orElse(0);
        return String.join(
                "\n\n",
                load,
                table,
                "Greatest p99 of a call: %.1f ms (wanted: under %.0f ms; %s)"
                        .formatted(slowest, MAX_CALL_MILLIS, word(slowest < MAX_CALL_MILLIS)),
                "First contentful paint: " + paintText(),
                "`processor ms` is the daemon's processor time per call while no notifications arrive. It depends less on"
                        + " other work of the machine than the rest.",
                "`/api/v1/replays` reads no mailbox: on a busy machine, compare the other calls with it.\n");
    }

    private static String word(boolean met) {
        return met ? "met" : "missed";
    }

    private static ColumnData<CallTimes> number(String header, Function<CallTimes, String> value) {
        return new Column().header(header).dataAlign(HorizontalAlign.RIGHT).with(value);
    }

    private String paintText() {
        var sorted = paints.result().stream().sorted().toList();
        return sorted.isEmpty()
                ? "none; Chromium is missing or painted nothing within its trace"
                : sorted.stream().map("%.0f ms"::formatted).toList()
                        + " (wanted: under %.0f ms; %s)"
                                .formatted(MAX_PAINT_MILLIS, word(sorted.getLast() < MAX_PAINT_MILLIS));
    }
}
