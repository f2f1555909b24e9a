package dev.tidemark.compensator;

import dev.tidemark.subscriber.connection.SubscriptionOutcome;

/// Carries out the repair of one mailbox. [CompensationDispatcher] calls it on worker threads, once at a time
/// per mailbox. Blocks until the outcome is known. Implementations are thread-safe.
@FunctionalInterface
interface CompensationExecutor {
    /// Origin of a repair. A parameter, so that the compiler finds a wrapper that does not pass it on.
    enum RepairOrigin {
        /// a sweep found the need
        SWEEP,
        /// an operator requested it; ignores back-offs of the connection
        OPERATOR
    }

    SubscriptionOutcome execute(CompensationPlanner.PlannedAction need, RepairOrigin origin);
}
