package dev.tidemark.store.rules;

import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.engine.StorageHealth;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.VerifiedCallback;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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
}
