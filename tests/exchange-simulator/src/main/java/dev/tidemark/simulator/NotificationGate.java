package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultOccasion;
import dev.tidemark.simulator.fault.FaultPlan;
import dev.tidemark.simulator.fault.FaultValues;
import dev.tidemark.simulator.fault.SimulatorFault;
import java.time.Duration;
import java.util.Optional;

/// Decides by the ordered faults how a notification of one subscription is treated. Thread-safe.
final class NotificationGate {
    /// Treatment of a notification: sent, lost, sent after the next one, sent late, or replaced by the end of the
    /// subscription without or with an error callback.
    enum Treatment {
        SEND,
        LOSE,
        HOLD,
        DELAY,
        FORGET,
        FAIL
    }

    /// @param delay time before a delayed notification
    record GateDecision(Treatment treatment, Duration delay) {
        static GateDecision of(Treatment treatment) {
            return new GateDecision(treatment, Duration.ZERO);
        }
    }

    private static final Duration DELAY = Duration.ofSeconds(30);

    private final FaultPlan faults;
    private final FaultOccasion occasion;

    NotificationGate(FaultPlan faults, FaultOccasion occasion) {
        this.faults = faults;
        this.occasion = occasion;
    }

    /// @param begun false for the first notification of a chain, whose loss a listener cannot notice
    /// @param holds true if another notification is held already
    GateDecision decide(PushNotification notification, boolean begun, boolean holds, boolean repeated) {
        if (!notification.heartbeat()) {
            if (faults.strikes(SimulatorFault.FORGET_SUBSCRIPTION, occasion)) {
                return GateDecision.of(Treatment.FORGET);
            }
            if (faults.strikes(SimulatorFault.ERROR_CALLBACK, occasion)) {
                return GateDecision.of(Treatment.FAIL);
            }
            if (begun && faults.strikes(SimulatorFault.LOSE_NOTIFICATION, occasion)) {
                return GateDecision.of(Treatment.LOSE);
            }
            if (begun && !holds && faults.strikes(SimulatorFault.REORDER_CALLBACK, occasion)) {
                return GateDecision.of(Treatment.HOLD);
            }
        }
        return repeated ? GateDecision.of(Treatment.SEND) : delayed().orElse(GateDecision.of(Treatment.SEND));
    }

    private Optional<GateDecision> delayed() {
        return faults.inject(SimulatorFault.DELAY_CALLBACK, occasion)
                .map(scope -> new GateDecision(
                        Treatment.DELAY,
                        scope.value().map(FaultValues::duration).orElse(DELAY)));
    }
}
