package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkCase;
import dev.tidemark.benchmarks.server.ConnectionMode;
import dev.tidemark.benchmarks.server.LoadStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Measurements of one case, round by round.
final class BenchmarkResult {
    private final BenchmarkCase entry;
    private final LoadStats all = new LoadStats();
    private final List<Double> rounds = new ArrayList<>();
    private Duration server = Duration.ZERO;
    private Duration generator = Duration.ZERO;
    private long diskBytes;

    BenchmarkResult(BenchmarkCase entry) {
        this.entry = entry;
    }

    void add(LoadStats round, Duration serverTime, Duration generatorTime, long bytesWritten) {
        all.add(round);
        rounds.add(round.perSecond());
        server = server.plus(serverTime);
        generator = generator.plus(generatorTime);
        diskBytes += bytesWritten;
    }

    /// Row for JSON. Processor times are microseconds per request; bytes are those written to disk per event.
    record Row(
            String entry,
            String letter,
            ConnectionMode transport,
            int events,
            int mailboxes,
            int connections,
            double perSecond,
            double slowestRound,
            double fastestRound,
            double p50Millis,
            double p99Millis,
            double p999Millis,
            double maxMillis,
            long acknowledged,
            long refused,
            double serverMicros,
            double generatorMicros,
            double diskBytes) {}

    BenchmarkCase entry() {
        return entry;
    }

    LoadStats tally() {
        return all;
    }

    double median() {
        var sorted = rounds.stream().sorted().toList();
        var middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    Row row() {
        return new Row(
                entry.name(),
                entry.server().letter(),
                entry.transport(),
                entry.events(),
                entry.mailboxes(),
                entry.connections(),
                median(),
                rounds.stream().mapToDouble(Double::doubleValue).min().orElse(0),
                rounds.stream().mapToDouble(Double::doubleValue).max().orElse(0),
                all.millis(50),
                all.millis(99),
                all.millis(99.9),
                all.slowestMillis(),
                all.acknowledged(),
                all.refused().values().stream().mapToLong(Long::longValue).sum(),
                micros(server),
                micros(generator),
                (double) diskBytes / entry.events() / Math.max(1, all.acknowledged()));
    }

    private double micros(Duration time) {
        return time.toNanos() / 1e3 / Math.max(1, all.acknowledged());
    }
}
