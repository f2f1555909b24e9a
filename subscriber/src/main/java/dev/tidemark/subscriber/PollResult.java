package dev.tidemark.subscriber;

import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.util.Optional;

/// Result of a poll of a mailbox whose push does not work.
///
/// @param found counts of new changes
/// @param requests requests sent
/// @param interruption reason for an incomplete poll; the next one resumes there
public record PollResult(RecoveredPage.RecoveryCounts found, int requests, Optional<SubscriptionOutcome> interruption) {
    public static PollResult skipped(SubscriptionOutcome reason) {
        return new PollResult(RecoveredPage.RecoveryCounts.NONE, 0, Optional.of(reason));
    }
}
