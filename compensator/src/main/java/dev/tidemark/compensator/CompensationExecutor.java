package dev.tidemark.compensator;

import dev.tidemark.subscriber.connection.SubscriptionOutcome;

/// Carries out the repair of one mailbox. [CompensationDispatcher] calls it on worker threads, once at a time
/// per mailbox. Blocks until the outcome is known. Implementations are thread-safe.
@FunctionalInterface
interface CompensationExecutor {
    SubscriptionOutcome execute(CompensationPlanner.PlannedAction need);

    /// Carries out a repair for an operator's request, which ignores back-offs of the connection.
    default SubscriptionOutcome executeForOperator(CompensationPlanner.PlannedAction need) {
        return execute(need);
    }
}
