package dev.tidemark.subscriber.resync;

import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.util.Optional;

/// What came of a look for what is new in a mailbox whose push does not work.
///
/// @param found what was new
/// @param requests sent for it
/// @param cut why it was not looked at whole; the next look goes on from there
public record PollResult(RecoveredPage.RecoveryCounts found, int requests, Optional<SubscriptionOutcome> cut) {
    public static PollResult skipped(SubscriptionOutcome why) {
        return new PollResult(RecoveredPage.RecoveryCounts.NONE, 0, Optional.of(why));
    }
}
