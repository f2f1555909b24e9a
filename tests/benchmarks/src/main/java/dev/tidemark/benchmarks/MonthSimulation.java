package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkStores;
import dev.tidemark.benchmarks.server.JournalFixture;
import dev.tidemark.benchmarks.server.MailboxFixture;
import dev.tidemark.benchmarks.server.StoreFolder;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.testsupport.SettableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Simulates days in seconds over a store that works as in the daemon. Every two seconds of real time, the
/// store checks for due snapshots and removable segments. A pause after each day is long enough for that.
final class MonthSimulation {
    private static final int HOURS = 24;
    /// As in the daemon's retention.
    private static final int STEP = 500;

    private final Plan plan;
    private final Path folder;
    private final Path kept;
    private final SettableClock clock;
    private final Clock real;
    private final Consumer<String> progress;

    /// @param events events per day, of all mailboxes
    /// @param commit callbacks that share a force
    /// @param saves saves of the sink's position per day
    /// @param rest pause after each day in real time
    record Plan(int mailboxes, int days, int events, int commit, int saves, Duration retention, Duration rest) {}

    MonthSimulation(Plan plan, Path folder, Path kept, Clock real, Consumer<String> progress) {
        this.plan = plan;
        this.folder = folder;
        this.kept = kept;
        this.real = real;
        this.clock = new SettableClock(real.instant());
        this.progress = progress;
    }

    MonthReport run() throws IOException, InterruptedException {
        progress.accept("A store with " + plan.mailboxes() + " mailboxes ...");
        MailboxFixture.prepare(folder, plan.mailboxes(), kept, real);
        var days = new ArrayList<MonthReport.Day>();
        var empty = StoreFolder.bytes(folder);
        try (var store = StoreFactory.open(BenchmarkStores.embedded(folder), clock)) {
            store.deliveries().open(JournalFixture.SINK);
            var journal = new JournalFixture(store, folder, clock, plan.commit());
            for (var day = 1; day <= plan.days(); day++) {
                days.add(pass(day, store, journal));
                progress.accept("Day " + day + ": " + days.getLast().fileMiB() + " MiB");
            }
        }
        return new MonthReport(
                real.instant(),
                MachineInfo.here(folder),
                plan,
                MonthReport.mib(empty),
                List.copyOf(days),
                MonthReport.mib(StoreFolder.bytes(folder)));
    }

    private MonthReport.Day pass(int day, WatermarkStore store, JournalFixture journal)
            throws IOException, InterruptedException {
        var slowest = Duration.ZERO;
        for (var hour = 0; hour < HOURS; hour++) {
            work(store, journal);
            clock.advance(Duration.ofHours(1));
            var step = retain(store);
            slowest = step.compareTo(slowest) > 0 ? step : slowest;
        }
        Thread.sleep(plan.rest());
        var held = store.journal().end().value() - store.journal().oldest().value();
        return new MonthReport.Day(day, held, MonthReport.mib(StoreFolder.bytes(folder)), slowest.toNanos() / 1e6);
    }

    /// Processes an hour's callbacks and saves the sink's position between them.
    private void work(WatermarkStore store, JournalFixture journal) {
        var saves = Math.max(1, plan.saves() / HOURS);
        for (var save = 0; save < saves; save++) {
            journal.add(plan.events() / HOURS / saves);
            store.deliveries()
                    .save(
                            JournalFixture.SINK,
                            DeliveryPosition.at(store.journal().end()),
                            List.of(),
                            List.of());
        }
    }

    /// Runs retention and returns the duration of its longest step, which delays callbacks.
    private Duration retain(WatermarkStore store) {
        var longest = 0L;
        for (var removed = STEP; removed == STEP; ) {
            var began = System.nanoTime();
            removed = store.journal()
                    .prune(
                            clock.instant().minus(plan.retention()),
                            store.deliveries().deliveredByAll(),
                            STEP);
            longest = Math.max(longest, System.nanoTime() - began);
        }
        return Duration.ofNanos(longest);
    }
}
