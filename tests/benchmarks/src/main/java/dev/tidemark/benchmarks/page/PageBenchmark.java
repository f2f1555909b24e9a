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
import java.util.function.BooleanSupplier;

/// Sends notifications to the daemon at a steady rate. First, one thread repeats the calls of the status
/// page. Then another opens the page in Chromium, because a browser needs more of the machine than the
/// daemon. Finally, it measures the processor time of each call while no notifications arrive.
///
/// @param daemon script that starts the daemon
/// @param kept folder of prepared stores
record PageBenchmark(Path daemon, Path scratch, Path kept, Clock clock) {
    /// Settings of a run.
    ///
    /// @param rate notifications per second
    /// @param time duration of the calls; half of it for the paints
    record PagePlan(int mailboxes, int connections, double rate, Duration time, String chromium) {}

    /// Result of work under load.
    ///
    /// @param acknowledgedPerSecond notifications per second that the daemon acknowledged meanwhile
    record UnderLoad<T>(double acknowledgedPerSecond, T result) {}

    /// Work that repeats until its argument is false.
    private interface RepeatedWork<T> {
        T repeatWhile(BooleanSupplier wanted) throws IOException, InterruptedException;
    }

    PageReport run(PagePlan plan) throws IOException, InterruptedException {
        var folder = scratch.resolve("daemon");
        var configuration = DaemonFolder.prepare(folder, plan.mailboxes(), kept, clock);
        try (var running = MeasuredDaemon.start(daemon, configuration, List.of());
                var calls = new PageCalls(
                        running.admin(),
                        Files.readString(folder.resolve("admin-token")).strip())) {
            var population = MailboxFixture.population(folder);
            var form = RequestTemplate.of(1, true, clock.instant());
            try (var generator = new LoadGenerator(running.target(), population, form, plan.connections())) {
                generator.steadily(plan.rate(), plan.time().dividedBy(4));
                var called = underLoad(generator, plan.rate(), plan.time(), calls::repeatWhile);
                var paint = new FirstPaintProbe(plan.chromium(), scratch);
                var painted = underLoad(
                        generator,
                        plan.rate(),
                        plan.time().dividedBy(2),
                        wanted -> paint.repeatWhile(wanted, calls.page()));
                var processor = calls.processorMillis(running::processorTime);
                return PageReport.of(plan, called.acknowledgedPerSecond(), calls.times(), processor, painted);
            }
        }
    }

    private static <T> UnderLoad<T> underLoad(LoadGenerator generator, double rate, Duration time, RepeatedWork<T> work)
            throws InterruptedException {
        var isLoaded = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var result = threads.submit(() -> work.repeatWhile(isLoaded::get));
            var perSecond = acknowledgedPerSecond(generator, rate, time, isLoaded);
            return new UnderLoad<>(perSecond, result.get());
        } catch (ExecutionException e) {
            throw new BenchmarkException("A call of the page failed: " + e.getCause(), e);
        }
    }

    private static double acknowledgedPerSecond(
            LoadGenerator generator, double rate, Duration time, AtomicBoolean isLoaded) {
        try {
            var before = generator.acknowledged();
            var begin = System.nanoTime();
            generator.steadily(rate, time);
            return (generator.acknowledged() - before) / ((System.nanoTime() - begin) / 1e9);
        } finally {
            isLoaded.set(false);
        }
    }
}
