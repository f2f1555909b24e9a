package dev.tidemark.store.rules;

import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.engine.StorageHealth;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.VerifiedCallback;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/// Implements [CallbackIntake] on the committed state.
final class IntakeRules implements CallbackIntake {
    /// Number of mailboxes in one change, small enough not to delay waiting callbacks.
    private static final int RELEASED_AT_ONCE = 128;

    private final CommittedState committed;
    private final CallbackProcessor processor;
    private final SubscriptionRules subscriptions;
    private final RefusalStreaks refusals = new RefusalStreaks();
    private final GapStormDetector storms;
    private final StorageHealth health;

    IntakeRules(
            CommittedState committed,
            CallbackProcessor intaker,
            SubscriptionRules subscriptions,
            GapStormDetector storms,
            StorageHealth health) {
        this.subscriptions = subscriptions;
        this.committed = committed;
        this.processor = intaker;
        this.storms = storms;
        this.health = health;
    }

    @Override
    public List<IntakeOutcome> record(List<VerifiedCallback> batch) {
        health.obstacle().ifPresent(obstacle -> {
            throw new StoreException(obstacle);
        });
        refusals.reset(batch);
        try {
            return committed.change(changeSet -> batch.stream()
                    .map(callback -> processor.process(changeSet, callback))
                    .toList());
        } catch (RuntimeException e) {
            processor.forgetSaved();
            throw e;
        }
    }

    @Override
    public boolean recordRefusal(AttemptId attempt, String sentence) {
        var acceptedAt = committed.find(attempt.mailbox()).flatMap(MailboxRecord::lastHeardAt);
        if (!refusals.countRefusal(attempt, acceptedAt) || !subscriptions.recordRefusals(attempt, sentence)) {
            return false;
        }
        refusals.markReported(attempt);
        return true;
    }

    /// Restores the mailboxes that a gap storm delayed before this store was opened.
    void restoreDelayed() {
        committed.all().stream()
                .filter(MailboxRecord::isServed)
                .filter(MailboxRecord::hasUnscheduledGap)
                .forEach(storms::remember);
    }

    /// Schedules compensations for gaps that a storm delayed, once it is over.
    void releaseGaps() {
        for (var held = pollReleased(); !held.isEmpty(); held = pollReleased()) {
            var some = held;
            committed.change(changeSet -> {
                some.forEach(id -> processor.scheduleAfterStorm(changeSet, id));
                return changeSet;
            });
        }
    }

    private Collection<MailboxId> pollReleased() {
        return committed.withWriteLock(() -> storms.pollReleased(RELEASED_AT_ONCE));
    }

    @Override
    public boolean accepting() {
        return obstacle().isEmpty();
    }

    @Override
    public Optional<String> obstacle() {
        return needsRestart() ? committed.failure() : health.obstacle().or(committed::failure);
    }

    @Override
    public boolean needsRestart() {
        return committed.isBehind();
    }

    @Override
    public OptionalLong freeBytes() {
        return health.freeBytes();
    }

    /// Counts for each mailbox the refused callbacks since the last accepted one. Holds only mailboxes whose last
    /// callback was refused; in memory only. Thread-safe.
    private static final class RefusalStreaks {
        private final Map<MailboxId, Streak> streaks = new ConcurrentHashMap<>();

        /// @param acceptedAt time of the previous accepted callback at any node
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
}
