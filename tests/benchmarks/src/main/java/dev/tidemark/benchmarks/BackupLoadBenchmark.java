package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.AdminBackup;
import dev.tidemark.benchmarks.server.BackupPhases;
import dev.tidemark.benchmarks.server.BackupVerifier;
import dev.tidemark.benchmarks.server.DaemonFolder;
import dev.tidemark.benchmarks.server.LoadGenerator;
import dev.tidemark.benchmarks.server.MailboxFixture;
import dev.tidemark.benchmarks.server.MeasuredDaemon;
import dev.tidemark.benchmarks.server.RequestTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// Sends notifications to the daemon at a steady rate, backs its store up meanwhile, and restores the backup.
///
/// @param daemon script that starts the daemon
/// @param kept folder of prepared stores
record BackupLoadBenchmark(
        Path daemon, Path scratch, Path kept, List<String> jvmOptions, Clock clock, Consumer<String> progress) {
    /// Settings of a run.
    ///
    /// @param fill duration of full load before, which fills the store
    /// @param time duration of the steady load; the backup begins after a third of it
    record Plan(int mailboxes, int connections, double rate, Duration fill, Duration time) {}

    BackupLoadReport run(Plan plan) throws IOException {
        var folder = scratch.resolve("daemon");
        var configuration = DaemonFolder.prepare(folder, plan.mailboxes(), kept, clock);
        var directory = scratch.resolve("backup").toAbsolutePath();
        try (var running = MeasuredDaemon.start(daemon, configuration, jvmOptions)) {
            var population = MailboxFixture.population(folder);
            var form = RequestTemplate.of(1, true, clock.instant());
            try (var generator = new LoadGenerator(running.target(), population, form, plan.connections())) {
                progress.accept("Filling the store for " + plan.fill().toSeconds() + " s ...");
                var filled = generator.flatOut(plan.fill()).acknowledged();
                progress.accept("%.0f a second for %d s, with a backup ..."
                        .formatted(plan.rate(), plan.time().toSeconds()));
                var phases = new BackupPhases(
                        population,
                        new AdminBackup(running.admin(), folder.resolve("admin-token"), directory),
                        System.nanoTime() + plan.time().dividedBy(3).toNanos());
                generator.steadily(plan.rate(), plan.time(), phases::current);
                var took = phases.awaitEnd();
                progress.accept("Restoring the backup ...");
                var found = BackupVerifier.restore(directory, scratch.resolve("restored"), plan.mailboxes(), clock);
                return BackupLoadReport.of(
                        MachineInfo.here(scratch),
                        plan.rate(),
                        filled,
                        took,
                        phases,
                        found.missing(phases.acknowledged()));
            }
        }
    }
}
