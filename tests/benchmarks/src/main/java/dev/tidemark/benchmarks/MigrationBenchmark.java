package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkException;
import dev.tidemark.benchmarks.server.DaemonFolder;
import dev.tidemark.benchmarks.server.JettyHost;
import dev.tidemark.benchmarks.server.JournalFixture;
import dev.tidemark.benchmarks.server.MigrationFixture;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.transfer.StoreDigest;
import dev.tidemark.testpostgres.PostgresTestServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Runs `tidemark migrate` from files to PostgreSQL and back, as an operator would.
///
/// @param script of the distribution
/// @param heap limit of the command's heap
record MigrationBenchmark(Path script, Path scratch, Path kept, String heap, Clock clock, Consumer<String> progress) {
    /// Heap before a collection, in MiB.
    private static final Pattern HEAP = Pattern.compile("(\\d+)M->(\\d+)M\\(");

    MigrationReport run(int events) throws IOException, InterruptedException {
        var first = scratch.resolve("first");
        var last = scratch.resolve("last");
        progress.accept("Creating a store with " + events + " events ...");
        MigrationFixture.prepare(first, events, scratch.resolve("journal"), kept, clock);
        try (var server = PostgresTestServer.startIn(Files.createDirectories(scratch.resolve("postgres")))) {
            var there = DaemonFolder.configureOnPostgres(scratch.resolve("there"), server.store());
            var way = migrate("to PostgreSQL", DaemonFolder.configure(first), there);
            var back = migrate("to files", there, DaemonFolder.configure(last));
            progress.accept("Comparing the first store with the last ...");
            var before = MigrationFixture.digest(first, clock);
            var differences = before.differences(MigrationFixture.digest(last, clock));
            progress.accept("Delivering the waiting events of the last store ...");
            var backlog = MigratedBacklog.deliver(last, clock);
            return new MigrationReport(
                    MachineInfo.here(scratch), heap, List.of(way, back), before, differences, backlog);
        }
    }

    private MigrationReport.Row migrate(String name, Path from, Path to) throws IOException, InterruptedException {
        progress.accept("Copying " + name + " ...");
        var log = to.resolveSibling("gc.log");
        var output = to.resolveSibling("migrate.log");
        var builder = new ProcessBuilder(
                        script.toAbsolutePath().toString(),
                        "migrate",
                        "--config",
                        from.toString(),
                        "--to-config",
                        to.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("TIDEMARK_OPTS", "-Xmx" + heap + " -Xlog:gc:file=" + log);
        var start = System.nanoTime();
        if (builder.start().waitFor() != 0) {
            throw new BenchmarkException("The copy failed:\n" + Files.readString(output));
        }
        var seconds = (System.nanoTime() - start) / 1e9;
        return new MigrationReport.Row(name, seconds, heap(log, 1), heap(log, 2));
    }

    /// @param group 1 before collections, 2 after
    private static long heap(Path log, int group) throws IOException {
        return HEAP.matcher(Files.readString(log))
                .results()
                .mapToLong(found -> Long.parseLong(found.group(group)))
                .max()
                .orElse(0);
    }

    /// Delivers what waits in a store that was copied, to a webhook that counts the ids of the events.
    ///
    /// @param waiting events that waited, among them those for their next attempt
    /// @param count events that the webhook received
    record MigratedBacklog(long waiting, WebhookRecorder.Count count, double seconds) {
        private static final int CONNECTIONS = 4;
        private static final int BATCH = 100;
        private static final Duration POLL = Duration.ofMillis(20);

        /// time without a delivery after which the rest counts as lost
        private static final Duration PATIENCE = Duration.ofMinutes(2);

        @SuppressWarnings("try") // the forwarder works until it is closed
        static MigratedBacklog deliver(Path folder, Clock clock) {
            var recorder = new WebhookRecorder();
            var began = System.nanoTime();
            try (var store = StoreFactory.open(JournalFixture.config(folder), clock);
                    var host = JettyHost.start(recorder::taker, new byte[0])) {
                var waiting = waiting(store);
                var hook = URI.create("http://127.0.0.1:" + host.port() + "/hook");
                var sink = TidemarkSender.sink(hook, CONNECTIONS, BATCH);
                try (var ignored = EventForwarder.start(TidemarkSender.config(sink), store, clock)) {
                    awaitEnd(recorder, waiting);
                }
                return new MigratedBacklog(waiting, recorder.count(), (System.nanoTime() - began) / 1e9);
            }
        }

        private static long waiting(WatermarkStore store) {
            var behind = store.journal().end().value()
                    - store.deliveries().open(JournalFixture.SINK).upTo().value();
            return behind + store.deliveries().deferredCount(JournalFixture.SINK);
        }

        private static void awaitEnd(WebhookRecorder recorder, long wanted) {
            var last = 0L;
            var since = System.nanoTime();
            while (last < wanted && System.nanoTime() - since < PATIENCE.toNanos()) {
                LockSupport.parkNanos(POLL.toNanos());
                var now = recorder.received();
                if (now > last) {
                    last = now;
                    since = System.nanoTime();
                }
            }
        }

        /// Returns whether the webhook received each event exactly once.
        boolean isExact() {
            return count.events() == waiting && count.distinct() == waiting;
        }
    }

    /// Report of `tidemark-bench migrate`.
    ///
    /// @param heap limit of the command's heap
    /// @param digest counts and checksums of the first store
    /// @param differences kinds that differ in the last store, with both counts
    /// @param backlog deliveries from the last store
    record MigrationReport(
            MachineInfo machine,
            String heap,
            List<Row> rows,
            StoreDigest digest,
            Map<String, String> differences,
            MigratedBacklog backlog)
            implements CommandOptions.Report {
        /// One run of the command, with its check.
        ///
        /// @param peakMiB largest heap before a collection
        /// @param collectedMiB largest heap after one
        record Row(String direction, double seconds, long peakMiB, long collectedMiB) {}

        @Override
        public boolean valid() {
            return differences.isEmpty() && backlog.isExact();
        }

        @Override
        public String markdown() {
            var lines = new ArrayList<String>();
            lines.add("Machine: " + machine.sentence());
            lines.add("Heap limit: " + heap);
            lines.add("");
            lines.add("| direction | seconds | heap before a collection, MiB | after, MiB |");
            lines.add("| --- | ---: | ---: | ---: |");
            rows.forEach(row -> lines.add(String.format(
                    Locale.ROOT,
                    "| %s | %.1f | %d | %d |",
                    row.direction(),
                    row.seconds(),
                    row.peakMiB(),
                    row.collectedMiB())));
            lines.add("");
            digest.kinds().forEach((kind, sum) -> lines.add("- " + kind + ": " + sum.count()));
            lines.add("");
            lines.add(
                    differences.isEmpty()
                            ? "Counts and checksums of the first and the last store are equal: proven"
                            : "The stores differ: VOID " + differences);
            lines.add(String.format(
                    Locale.ROOT,
                    "Of %,d events that waited, the webhook received %,d, %,d of them different, in %.1f s: %s",
                    backlog.waiting(),
                    backlog.count().events(),
                    backlog.count().distinct(),
                    backlog.seconds(),
                    backlog.isExact() ? "proven" : "VOID"));
            return String.join("\n", lines) + "\n";
        }
    }
}
