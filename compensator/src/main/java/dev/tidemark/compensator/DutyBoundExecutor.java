package dev.tidemark.compensator;

import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.util.function.BooleanSupplier;

/// Skips repairs that a sweep planned before the duty moved to another node.
///
/// @param isOnDuty returns true while this node does the timed work
record DutyBoundExecutor(CompensationExecutor repairs, BooleanSupplier isOnDuty) implements CompensationExecutor {
    private static final SubscriptionOutcome SKIPPED =
            new SubscriptionOutcome.Skipped("another node does the timed work now");

    @Override
    public SubscriptionOutcome execute(CompensationPlanner.PlannedAction need, RepairOrigin origin) {
        return isOnDuty.getAsBoolean() ? repairs.execute(need, origin) : SKIPPED;
    }
}
