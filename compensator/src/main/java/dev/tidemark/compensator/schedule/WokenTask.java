package dev.tidemark.compensator.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Periodic task that runs early after a wake-up. Several wake-ups before a run cause one run. A wake-up during a
/// run repeats the work in the same run, because a separate run of the scheduler takes longer than the work.
/// Guarantees that work starts after each wake-up, unless this node stops or loses the duty. Thread-safe.
public final class WokenTask {
    /// Shortest wait; a shorter one costs more than it gains.
    private static final Duration MIN_WAIT = Duration.ofMillis(20);

    private final String name;
    private final Duration every;
    private final DutyGate gate;
    private final Clock clock;
    /// wake-ups that no run has covered yet
    private final AtomicInteger wakes = new AtomicInteger();
    /// empty until the scheduler exists, which is created with its tasks
    private volatile Optional<TaskScheduler> scheduler = Optional.empty();

    /// Creates a task.
    ///
    /// @param every interval of the runs that need no wake-up
    public WokenTask(String name, Duration every, DutyGate gate, Clock clock) {
        this.name = name;
        this.every = every;
        this.gate = gate;
        this.clock = clock;
    }

    /// Returns the task for the scheduler.
    ///
    /// @param first delay before the first run
    public TaskScheduler.Task scheduled(Duration first, Runnable work) {
        return new TaskScheduler.Task(name, first, every, () -> gate.runOnDuty(() -> run(work)));
    }

    /// Sets the scheduler that runs the task after a wake-up. The first run covers earlier wake-ups.
    public void wakeThrough(TaskScheduler owner) {
        scheduler = Optional.of(owner);
    }

    /// Runs the work soon. Called by any thread.
    public void wake() {
        if (!gate.isStopping() && wakes.getAndIncrement() == 0) {
            scheduler.ifPresent(each -> each.wakeNow(name));
        }
    }

    /// Wakes the task even if it has an unanswered wake-up, which may have been lost.
    public void wakeAgain() {
        wakes.set(0);
        wake();
    }

    /// Runs the work at this time, unless a periodic run comes first.
    public void wakeAt(Instant next) {
        var delay = Duration.between(clock.instant(), next);
        if (delay.compareTo(every) < 0) {
            scheduler.ifPresent(each -> each.wakeIn(name, delay.compareTo(MIN_WAIT) < 0 ? MIN_WAIT : delay));
        }
    }

    /// Repeats the work until no wake-up arrives during it. Skips the work once the node stops.
    private void run(Runnable work) {
        int answered;
        do {
            answered = wakes.get();
            runOnce(work, answered);
        } while (!wakes.compareAndSet(answered, 0));
    }

    private void runOnce(Runnable work, int answered) {
        // another node may have the duty since the run began
        if (gate.isStopping() || !gate.isOnDuty()) {
            return;
        }
        try {
            work.run();
        } catch (RuntimeException | Error failed) {
            // lets the next wake-up start a run
            if (wakes.getAndSet(0) > answered) {
                wake();
            }
            throw failed;
        }
    }
}
