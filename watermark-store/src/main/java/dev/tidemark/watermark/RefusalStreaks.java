package dev.tidemark.watermark;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Counts for each mailbox the refused callbacks since the last one that was taken. Holds only mailboxes whose last
/// callback was refused; in memory only. Thread-safe.
final class RefusalStreaks {
    private final Map<MailboxId, Streak> streaks = new ConcurrentHashMap<>();

    private record Streak(AttemptId attempt, int refusals) {}

    /// Ends the streaks of the mailboxes that called back.
    void taken(Collection<Callback> batch) {
        if (!streaks.isEmpty()) {
            batch.forEach(callback -> streaks.remove(callback.attempt().mailbox()));
        }
    }

    /// Returns the refused callbacks in a row of this attempt, with this one.
    int refused(AttemptId attempt) {
        return streaks.merge(
                        attempt.mailbox(),
                        new Streak(attempt, 1),
                        (before, one) ->
                                before.attempt().equals(attempt) ? new Streak(attempt, before.refusals() + 1) : one)
                .refusals();
    }
}
