package dev.tidemark.compensator;

import dev.tidemark.compensator.schedule.DutyGate;
import dev.tidemark.compensator.schedule.TaskScheduler;
import dev.tidemark.compensator.schedule.WokenTask;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// Periodic tasks of the compensator, which run while this node has the duty: sweep, fallback, low-priority syncs,
/// retention and discovery. The first three run early after a wake-up. Thread-safe.
final class CompensatorTasks implements AutoCloseable {
    private static final Duration DISCOVERY_FIRST = Duration.ofMinutes(5);
    private static final Duration DISCOVERY_EVERY = Duration.ofMinutes(10);

    private final DutyGate gate;
    private final WokenTask sweep;
    private final WokenTask fallbackPolls;
    private final WokenTask syncs;
    private final TaskScheduler schedule;

    /// Work of the tasks.
    ///
    /// @param discovery looks up the locations of mailboxes again
    record PeriodicWork(
            MailboxSweeper sweeper,
            FallbackCoordinator fallback,
            UpkeepScheduler upkeep,
            RetentionPruner retention,
            Runnable discovery) {}

    /// Schedules the tasks; none runs before [#start].
    CompensatorTasks(
            TaskScheduler.Factory schedulers, DutyGate gate, PeriodicWork work, Duration sweepInterval, Clock clock) {
        this.gate = gate;
        this.sweep = new WokenTask("sweep", sweepInterval, gate, clock);
        this.fallbackPolls = new WokenTask("fallback", sweepInterval, gate, clock);
        this.syncs = new WokenTask("upkeep", sweepInterval, gate, clock);
        var retention = work.retention();
        this.schedule = schedulers.create(List.of(
                sweep.scheduled(Duration.ZERO, () -> sweep(work.sweeper())),
                fallbackPolls.scheduled(Duration.ZERO, () -> poll(work.fallback())),
                syncs.scheduled(sweepInterval, () -> work.upkeep().tick(syncs::wake)),
                scheduled("retention", retention.firstDelay(), retention.interval(), retention::run),
                scheduled("discovery", DISCOVERY_FIRST, DISCOVERY_EVERY, work.discovery())));
        List.of(sweep, fallbackPolls, syncs).forEach(task -> task.wakeThrough(schedule));
    }

    private TaskScheduler.Task scheduled(String name, Duration first, Duration every, Runnable work) {
        return new TaskScheduler.Task(name, first, every, () -> gate.runOnDuty(work));
    }

    private void sweep(MailboxSweeper sweeper) {
        sweeper.tick(sweep::wake).ifPresent(sweep::wakeAt);
    }

    private void poll(FallbackCoordinator fallback) {
        fallback.tick(fallbackPolls::wake).ifPresent(fallbackPolls::wakeAt);
    }

    void start() {
        schedule.start();
    }

    void wakeSweep() {
        sweep.wake();
    }

    void wakeFallback() {
        fallbackPolls.wake();
    }

    /// Wakes the tasks that run early, also after a wake-up that met no duty.
    void wakeAllAgain() {
        sweep.wakeAgain();
        fallbackPolls.wakeAgain();
        syncs.wakeAgain();
    }

    /// Starts no more runs, and waits for the running ones.
    @Override
    public void close() {
        schedule.close();
    }
}
