package dev.tidemark.benchmarks.page;

import dev.tidemark.benchmarks.server.BenchmarkException;
import dev.tidemark.benchmarks.server.DaemonFolder;
import dev.tidemark.benchmarks.server.LoadGenerator;
import dev.tidemark.benchmarks.server.MailboxFixture;
import dev.tidemark.benchmarks.server.MeasuredDaemon;
import dev.tidemark.benchmarks.server.RequestTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/// Sends notifications to the daemon at a steady rate. Meanwhile, one thread repeats the calls of the status page, and
/// another opens the page in Chromium.
///
/// @param daemon script that starts the daemon
/// @param kept folder of prepared stores
record PageBenchmark(Path daemon, Path scratch, Path kept, Clock clock) {
    /// Settings of a run.
    ///
    /// @param rate notifications per second
    record PagePlan(int mailboxes, int connections, double rate, Duration time, String chromium) {}

    PageReport run(PagePlan plan) throws IOException, InterruptedException {
        var folder = scratch.resolve("daemon");
        var configuration = DaemonFolder.prepare(folder, plan.mailboxes(), kept, clock);
        try (var running = MeasuredDaemon.start(daemon, configuration, List.of());
                var calls = new PageCalls(
                        running.admin(),
                        Files.readString(folder.resolve("admin-token")).strip());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var population = MailboxFixture.population(folder);
            var form = RequestTemplate.of(1, true, clock.instant());
            try (var generator = new LoadGenerator(running.target(), population, form, plan.connections())) {
                generator.steadily(plan.rate(), plan.time().dividedBy(4));
                var isLoaded = new AtomicBoolean(true);
                var called = threads.submit(() -> calls.repeatWhile(isLoaded::get));
                var paint = new FirstPaintProbe(plan.chromium(), scratch);
                var paints = threads.submit(() -> paint.repeatWhile(isLoaded::get, calls.page()));
                var before = System.nanoTime();
                var stats = generator.steadily(plan.rate(), plan.time());
                var seconds = (System.nanoTime() - before) / 1e9;
                isLoaded.set(false);
                called.get();
                return PageReport.of(plan, seconds, stats, calls.times(), paints.get());
            } catch (ExecutionException e) {
                throw new BenchmarkException("A call of the page failed: " + e.getCause(), e);
            }
        }
    }
}
