package dev.tidemark.store.rules;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.VerifiedCallback;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Counts for each mailbox the refused callbacks since the last accepted one. Holds only mailboxes whose last
/// callback was refused; in memory only. Thread-safe.
final class RefusalStreaks {
    private final Map<MailboxId, Streak> streaks = new ConcurrentHashMap<>();

    /// @param acceptedAt time of the last accepted callback before, at any node
    private record Streak(AttemptId attempt, Optional<Instant> acceptedAt, int refusals, boolean isReported) {
        boolean includes(Streak one) {
            return attempt.equals(one.attempt) && acceptedAt.equals(one.acceptedAt);
        }

        Streak longer() {
            return new Streak(attempt, acceptedAt, refusals + 1, isReported);
        }

        Streak asReported() {
            return new Streak(attempt, acceptedAt, refusals, true);
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
    ///
    /// @param acceptedAt time of the mailbox's last accepted callback
    boolean countRefusal(AttemptId attempt, Optional<Instant> acceptedAt) {
        var streak = streaks.merge(
                attempt.mailbox(),
                new Streak(attempt, acceptedAt, 1, false),
                (before, one) -> before.includes(one) ? before.longer() : one);
        return streak.refusals() >= MailboxLifecycle.REPEATED && !streak.isReported();
    }

    /// Marks the streak of this attempt as known to the store.
    void markReported(AttemptId attempt) {
        streaks.computeIfPresent(
                attempt.mailbox(),
                (mailbox, streak) -> streak.attempt().equals(attempt) ? streak.asReported() : streak);
    }
}
