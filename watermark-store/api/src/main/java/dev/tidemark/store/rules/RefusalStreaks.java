package dev.tidemark.store.rules;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.VerifiedCallback;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Counts for each mailbox the refused callbacks since the last accepted one. Holds only mailboxes whose last
/// callback was refused; in memory only. Thread-safe.
final class RefusalStreaks {
    private final Map<MailboxId, Streak> streaks = new ConcurrentHashMap<>();

    private record Streak(AttemptId attempt, int refusals, boolean isReported) {
        Streak longer() {
            return new Streak(attempt, refusals + 1, isReported);
        }

        Streak asReported() {
            return new Streak(attempt, refusals, true);
        }
    }

    /// Ends the streaks of the mailboxes that called back.
    void reset(Collection<VerifiedCallback> batch) {
        if (!streaks.isEmpty()) {
            batch.forEach(callback -> streaks.remove(callback.attempt().mailbox()));
        }
    }

    /// Counts a refused callback of this attempt. Returns true if there are enough in a row and [#markReported] was
    /// not called for them.
    boolean countRefusal(AttemptId attempt) {
        var streak = streaks.merge(
                attempt.mailbox(),
                new Streak(attempt, 1, false),
                (before, one) -> before.attempt().equals(attempt) ? before.longer() : one);
        return streak.refusals() >= MailboxLifecycle.REPEATED && !streak.isReported();
    }

    /// Marks the streak of this attempt as known to the store.
    void markReported(AttemptId attempt) {
        streaks.computeIfPresent(
                attempt.mailbox(),
                (mailbox, streak) -> streak.attempt().equals(attempt) ? streak.asReported() : streak);
    }
}
