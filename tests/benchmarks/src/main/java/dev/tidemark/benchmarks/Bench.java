package dev.tidemark.benchmarks;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One run: the disk, then everyone as fast as they can, then Tidemark and the others at a steady rate, then the
/// proof that nothing was acknowledged in vain.
final class Bench {
    private final Plan plan;
    private final Fleet.Yard yard;
    private final Clock clock;
    private final Consumer<String> progress;

    Bench(Plan plan, Fleet.Yard yard, Clock clock, Consumer<String> progress) {
        this.plan = plan;
        this.yard = yard;
        this.clock = clock;
        this.progress = progress;
    }

    Report run() throws IOException {
        var machine = Machine.here(yard.scratch());
        progress.accept("Writing and forcing 4 KiB ...");
        var disk = DiskProbe.in(yard.scratch(), plan.round().dividedBy(2));
        try (var fleet = new Fleet(yard, clock)) {
            start(fleet);
            var race = new Race(fleet, clock.instant(), DiskCounter.of(yard.scratch()));
            progress.accept("As fast as each can: %d entries, %d rounds of %.1f s ..."
                    .formatted(
                            plan.entries().size(), plan.rounds(), plan.round().toMillis() / 1e3));
            var flatOut = race.flatOut(plan.entries(), plan.rounds(), plan.round(), plan.warmUp());
            var steady = steadily(race, flatOut);
            var trickle = trickle(race);
            progress.accept("Reading back what is on disk ...");
            var proofs = race.finish();
            var rows = flatOut.stream().map(Result::row).toList();
            return new Report(
                    clock.instant(),
                    machine,
                    disk,
                    yard.jvmOptions(),
                    rows,
                    steady.stream().map(Result::row).toList(),
                    trickle.stream().map(Result::row).toList(),
                    Ratios.of(plan, rows),
                    proofs);
        }
    }

    private void start(Fleet fleet) throws IOException {
        for (var entry : plan.entries()) {
            if (!fleet.running().containsKey(entry.seat())) {
                progress.accept(
                        "Starting (" + entry.rival().letter() + ") for " + entry.mailboxes() + " mailboxes ...");
                fleet.at(entry.seat());
            }
        }
    }

    /// At half of what Tidemark can do; the others for a part of the time.
    private List<Result> steadily(Race race, List<Result> flatOut) throws IOException {
        var results = new ArrayList<Result>();
        var own = flatOut.stream()
                .filter(result -> plan.steadyEntries().contains(result.entry()))
                .filter(result -> result.entry().rival() == Rival.TIDEMARK)
                .findFirst();
        if (own.isEmpty() || plan.steady().isZero()) {
            return results;
        }
        var rate = own.get().median() / 2;
        for (var entry : plan.steadyEntries()) {
            var mine = entry.rival() == Rival.TIDEMARK || entry.rival() == Rival.DAEMON;
            var time = mine ? plan.steady() : plan.steady().dividedBy(6);
            if (mine || fast(flatOut, entry, rate)) {
                progress.accept("(%s) at %.0f a second for %d s ..."
                        .formatted(entry.rival().letter(), rate, time.toSeconds()));
                results.add(race.steadily(entry, rate, time));
            }
        }
        return results;
    }

    private List<Result> trickle(Race race) throws IOException {
        var results = new ArrayList<Result>();
        for (var entry : plan.trickleEntries()) {
            progress.accept("(%s) at one a second for %d s ..."
                    .formatted(entry.rival().letter(), plan.trickle().toSeconds()));
            results.add(race.steadily(entry, 1, plan.trickle()));
        }
        return results;
    }

    private static boolean fast(List<Result> flatOut, Entry entry, double rate) {
        return flatOut.stream().anyMatch(result -> result.entry().equals(entry) && result.median() > rate * 1.2);
    }
}
