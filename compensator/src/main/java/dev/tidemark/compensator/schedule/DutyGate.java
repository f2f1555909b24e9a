package dev.tidemark.compensator.schedule;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// Lets tasks run while this node has the duty, and counts the work that runs. Tasks use [#runOnDuty]; the work
/// that they start runs on worker threads by [#execute]. A node that hands the duty over waits for [#isIdle].
/// Thread-safe.
public final class DutyGate implements Executor {
    private final BooleanSupplier isHere;
    private final ExecutorService workers;
    private final AtomicBoolean stopping = new AtomicBoolean();
    /// tasks and work on worker threads that run now
    private final AtomicInteger running = new AtomicInteger();

    /// Creates a gate.
    ///
    /// @param isHere returns true while this node has the duty
    /// @param workers threads of the work that tasks start; closed by [#awaitEnd]
    public DutyGate(BooleanSupplier isHere, ExecutorService workers) {
        this.isHere = isHere;
        this.workers = workers;
    }

    public boolean isOnDuty() {
        return isHere.getAsBoolean();
    }

    /// Returns whether [#stop] was called.
    public boolean isStopping() {
        return stopping.get();
    }

    /// Returns whether no task and none of the work that tasks started runs on this node.
    public boolean isIdle() {
        return running.get() == 0;
    }

    /// Runs a task on the calling thread, if this node has the duty.
    public void runOnDuty(Runnable task) {
        // before the duty is checked: once it has gone, a hand-over that waits for the end of the work sees this run
        running.incrementAndGet();
        try {
            if (isOnDuty()) {
                task.run();
            }
        } finally {
            running.decrementAndGet();
        }
    }

    /// Runs work of a task on a worker thread.
    @Override
    public void execute(Runnable work) {
        running.incrementAndGet();
        try {
            workers.execute(() -> {
                try {
                    work.run();
                } finally {
                    running.decrementAndGet();
                }
            });
        } catch (RuntimeException e) {
            running.decrementAndGet();
            throw e;
        }
    }

    /// Makes each woken task skip its work from now on.
    public void stop() {
        stopping.set(true);
    }

    /// Accepts no more work, and waits for the end of the running work. Returns false if some of it is still
    /// running after `limit`. Returns true if the thread is interrupted, which ends the wait.
    public boolean awaitEnd(Duration limit) {
        workers.shutdown();
        try {
            return workers.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
