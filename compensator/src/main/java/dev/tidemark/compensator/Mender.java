package dev.tidemark.compensator;

import dev.tidemark.subscriber.Outcome;

/// Applies a remedy to a mailbox. Blocks until it is known what came of it; called by many threads, one per
/// mailbox.
@FunctionalInterface
interface Mender {
    Outcome mend(Examiner.Finding finding);

    /// Does the same for an operator's request, which ignores back-offs of the connection.
    default Outcome mendAsked(Examiner.Finding finding) {
        return mend(finding);
    }
}
