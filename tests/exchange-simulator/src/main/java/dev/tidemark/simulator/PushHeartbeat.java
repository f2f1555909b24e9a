package dev.tidemark.simulator;

import java.time.Duration;
import java.time.Instant;

/// Asks a push sender for a heartbeat when it has sent nothing for a StatusFrequency. Runs in the scheduler's
/// thread.
final class PushHeartbeat {
    private final PushSender sender;
    private final PushDependencies dependencies;
    private final Duration frequency;

    PushHeartbeat(PushSender sender, PushDependencies dependencies) {
        this.sender = sender;
        this.dependencies = dependencies;
        frequency = dependencies.timing().scaled(sender.subscription().options().statusFrequency());
    }

    void start() {
        dependencies.scheduler().at(due(), this::check);
    }

    private void check() {
        if (sender.closed()) {
            return;
        }
        var isDue = !dependencies.now().isBefore(due());
        dependencies.scheduler().at(nextCheck(), this::check);
        if (isDue) {
            sender.heartbeatDue();
        } else {
            sender.wake();
        }
    }

    private Instant due() {
        return sender.lastSent().plus(frequency);
    }

    /// Returns the next check time: one interval from now while a heartbeat is in flight.
    private Instant nextCheck() {
        var due = due();
        var now = dependencies.now();
        return due.isAfter(now) ? due : now.plus(frequency);
    }
}
