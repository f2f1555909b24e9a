package dev.tidemark.compensator;

import dev.tidemark.subscriber.connection.SubscriptionOutcome;

/// Applies a remedy to a mailbox. Blocks until it is known what came of it; called by many threads, one per
/// mailbox.
@FunctionalInterface
interface CompensationExecutor {
    SubscriptionOutcome execute(CompensationPlanner.PlannedAction finding);

    /// Does the same for an operator's request, which ignores back-offs of the connection.
    default SubscriptionOutcome executeForOperator(CompensationPlanner.PlannedAction finding) {
        return execute(finding);
    }
}
