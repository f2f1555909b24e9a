package dev.tidemark.benchmarks.page;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import dev.tidemark.benchmarks.CommandOptions;
import dev.tidemark.benchmarks.server.LoadStats;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/// Results of a measurement of the status page, as Markdown.
///
/// @param acknowledgedPerSecond notifications per second that the daemon acknowledged meanwhile
/// @param paints milliseconds from each navigation to its first contentful paint
record PageReport(PageBenchmark.PagePlan plan, double acknowledgedPerSecond, List<CallTimes> calls, List<Double> paints)
        implements CommandOptions.Report {
    private static final int MAX_WIDTH = 120;

    /// Times of one call in milliseconds.
    record CallTimes(String call, long count, double p50, double p99, double slowest) {
        static CallTimes of(String call, Histogram nanos) {
            return new CallTimes(
                    call,
                    nanos.getTotalCount(),
                    nanos.getValueAtPercentile(50) / 1e6,
                    nanos.getValueAtPercentile(99) / 1e6,
                    nanos.getMaxValue() / 1e6);
        }
    }

    static PageReport of(
            PageBenchmark.PagePlan plan,
            double seconds,
            LoadStats stats,
            Map<String, Histogram> times,
            List<Double> paints) {
        var calls = times.entrySet().stream()
                .map(entry -> CallTimes.of(entry.getKey(), entry.getValue()))
                .toList();
        return new PageReport(plan, stats.acknowledged() / seconds, calls, List.copyOf(paints));
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
                        number("slowest ms", call -> "%.1f".formatted(call.slowest()))));
        var load = "%,d mailboxes, %.0f notifications per second due, %.0f acknowledged"
                .formatted(plan.mailboxes(), plan.rate(), acknowledgedPerSecond);
        return String.join(
                "\n\n",
                load,
                table,
                "First contentful paint: " + paintText(),
                "`/api/v1/replays` reads no mailbox: on a busy machine, compare the other calls with it.\n");
    }

    private static ColumnData<CallTimes> number(String header, Function<CallTimes, String> value) {
        return new Column().header(header).dataAlign(HorizontalAlign.RIGHT).with(value);
    }

    private String paintText() {
        return paints.isEmpty()
                ? "none; Chromium is missing or painted nothing within its trace"
                : paints.stream().sorted().map("%.0f ms"::formatted).toList().toString();
    }
}
