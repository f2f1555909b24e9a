package dev.tidemark.benchmarks;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Measures how long acknowledgements of the daemon and of the native floor take at steady rates, in turns: first at
/// rest, then right after each has worked as fast as it can.
final class TailBench {
    /// Pieces of a measurement at rest, in which the servers take turns.
    private static final int TURNS = 4;

    private static final String REST = "at rest";
    private static final String LOADED = "after load";

    private final TailPlan plan;
    private final Fleet.Yard yard;
    private final Clock clock;
    private final Consumer<String> progress;
    private final List<TailReport.Row> rows = new ArrayList<>();
    private final List<Proof> proofs = new ArrayList<>();

    TailBench(TailPlan plan, Fleet.Yard yard, Clock clock, Consumer<String> progress) {
        this.plan = plan;
        this.yard = yard;
        this.clock = clock;
        this.progress = progress;
    }

    TailReport run() throws IOException, InterruptedException {
        var machine = Machine.here(yard.scratch());
        var disk = DiskProbe.in(yard.scratch(), plan.time().dividedBy(8));
        for (var count : plan.mailboxes()) {
            try (var fleet = new Fleet(yard, clock)) {
                measure(count, new Race(fleet, clock.instant(), DiskCounter.of(yard.scratch())));
            }
        }
        return new TailReport(
                clock.instant(), machine, disk, yard.jvmOptions(), List.copyOf(rows), List.copyOf(proofs));
    }

    private void measure(int count, Race race) throws IOException, InterruptedException {
        progress.accept("Warming up with " + count + " mailboxes ...");
        var daemon = plan.entry(Rival.DAEMON, count);
        var floor = plan.entry(Rival.NATIVE, count);
        race.flatOut(List.of(daemon, floor), 0, plan.warmUp(), plan.warmUp());
        Thread.sleep(plan.settle());
        for (var rate : plan.rates()) {
            progress.accept("%,d mailboxes, %,d a second, %s ...".formatted(count, rate, REST));
            atRest(race, new Result(daemon), new Result(floor), rate);
        }
        for (var rate : plan.rates()) {
            progress.accept("%,d mailboxes, %,d a second, %s ...".formatted(count, rate, LOADED));
            var own = afterLoad(race, daemon, rate);
            add(LOADED, rate, own, afterLoad(race, floor, rate));
        }
        proofs.addAll(race.finish());
    }

    private void atRest(Race race, Result daemon, Result floor, int rate) throws IOException {
        var time = plan.time().dividedBy(TURNS);
        for (var turn = 0; turn < TURNS; turn++) {
            race.steadily(daemon.entry(), daemon, rate, time);
            race.steadily(floor.entry(), floor, rate, time);
        }
        add(REST, rate, daemon, floor);
    }

    private Result afterLoad(Race race, Entry entry, int rate) throws IOException {
        race.flatOut(List.of(entry), 0, plan.flatOut(), plan.flatOut());
        return race.steadily(entry, rate, plan.time());
    }

    private void add(String phase, int rate, Result daemon, Result floor) {
        rows.add(new TailReport.Row(phase, rate, daemon.row(), floor.row()));
    }
}
