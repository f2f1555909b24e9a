package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BackupPhases;
import dev.tidemark.benchmarks.server.LoadStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Report of `tidemark-bench backup`.
///
/// @param filled events in the store before the steady load
/// @param acknowledgedBefore notifications that were acknowledged when the backup began
/// @param missing number of them that the restored store lacks
record BackupLoadReport(
        MachineInfo machine,
        double rate,
        long filled,
        double backupSeconds,
        List<Row> rows,
        long acknowledgedBefore,
        long missing)
        implements CommandOptions.Report {
    private static final double LIMIT = 2;

    record Row(String phase, long acknowledged, long refused, double p50Millis, double p99Millis, double maxMillis) {
        static Row of(String phase, LoadStats stats) {
            var refused =
                    stats.refused().values().stream().mapToLong(Long::longValue).sum();
            return new Row(
                    phase, stats.acknowledged(), refused, stats.millis(50), stats.millis(99), stats.slowestMillis());
        }
    }

    static BackupLoadReport of(
            MachineInfo machine, double rate, long filled, Duration took, BackupPhases phases, long missing) {
        return new BackupLoadReport(
                machine,
                rate,
                filled,
                took.toMillis() / 1e3,
                List.of(
                        Row.of("before", phases.before()),
                        Row.of("during", phases.during()),
                        Row.of("after", phases.after())),
                Arrays.stream(phases.acknowledged()).sum(),
                missing);
    }

    @Override
    public boolean valid() {
        return missing == 0;
    }

    @Override
    public String markdown() {
        var lines = new ArrayList<String>();
        lines.add("Machine: " + machine.sentence());
        lines.add(String.format(
                Locale.ROOT,
                "%.0f a second; the store had %,d events; the backup took %.2f s",
                rate,
                filled,
                backupSeconds));
        lines.add("");
        lines.add("| phase | acknowledged | 503 | p50 ms | p99 ms | slowest ms |");
        lines.add("| --- | ---: | ---: | ---: | ---: | ---: |");
        rows.forEach(row -> lines.add(String.format(
                Locale.ROOT,
                "| %s | %,d | %,d | %.2f | %.2f | %.2f |",
                row.phase(),
                row.acknowledged(),
                row.refused(),
                row.p50Millis(),
                row.p99Millis(),
                row.maxMillis())));
        lines.add("");
        var ratio = rows.get(1).p99Millis() / rows.getFirst().p99Millis();
        lines.add(String.format(
                Locale.ROOT,
                "- p99 during the backup is %.2f of p99 before (wanted: at most %.2f; %s)",
                ratio,
                LIMIT,
                ratio <= LIMIT ? "met" : "missed"));
        lines.add(String.format(
                Locale.ROOT,
                "- %,d events acknowledged before the backup began, %,d of them missing after the restore: %s",
                acknowledgedBefore,
                missing,
                valid() ? "proven" : "VOID"));
        return String.join("\n", lines) + "\n";
    }
}
