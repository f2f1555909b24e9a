package dev.tidemark.simulator;

import dev.tidemark.simulator.callback.CallbackTransport;
import dev.tidemark.simulator.fault.FaultPlan;
import dev.tidemark.simulator.mailbox.SimulatorLedger;
import dev.tidemark.simulator.schedule.SimulatorScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;

/// Dependencies that all push senders share.
record PushDependencies(
        SimulatorScheduler scheduler,
        Executor executor,
        CallbackTransport transport,
        FaultPlan faults,
        SimulatorLedger ledger,
        CallbackLog callbacks,
        PushTiming timing) {
    /// Speed factor, the limit of events in a notification, and the reading of the retry table. `speed` divides
    /// every interval: at 60 a minute takes a second.
    record PushTiming(double speed, int batch, NotificationRetrySchedule.Reading reading) {
        Duration scaled(Duration interval) {
            return Duration.ofNanos((long) (interval.toNanos() / speed));
        }
    }

    RequestFaults markup() {
        return new RequestFaults(faults);
    }

    Instant now() {
        return scheduler.clock().instant();
    }

    /// Runs a task in the executor after an interval that `speed` divides.
    void after(Duration interval, Runnable task) {
        scheduler.at(now().plus(timing.scaled(interval)), () -> executor.execute(task));
    }
}
