package dev.tidemark.watermark.rules;

import dev.tidemark.watermark.AttemptId;
import dev.tidemark.watermark.Callback;
import dev.tidemark.watermark.Intake;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.Receipt;
import dev.tidemark.watermark.StoreException;
import dev.tidemark.watermark.engine.StorageHealth;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// [Intake] on the ledger.
final class IntakeRules implements Intake {
    /// In one change: few enough not to be felt by call-backs that wait meanwhile.
    private static final int RELEASED_AT_ONCE = 128;

    private final Ledger ledger;
    private final Intaker intaker;
    private final SubscriptionRules subscriptions;
    private final RefusalStreaks refusals = new RefusalStreaks();
    private final GapStorms storms;
    private final StorageHealth health;

    IntakeRules(
            Ledger ledger, Intaker intaker, SubscriptionRules subscriptions, GapStorms storms, StorageHealth health) {
        this.subscriptions = subscriptions;
        this.ledger = ledger;
        this.intaker = intaker;
        this.storms = storms;
        this.health = health;
    }

    @Override
    public List<Receipt> record(List<Callback> batch) {
        health.obstacle().ifPresent(obstacle -> {
            throw new StoreException(obstacle);
        });
        refusals.taken(batch);
        try {
            return ledger.change(draft -> batch.stream()
                    .map(callback -> intaker.take(draft, callback))
                    .toList());
        } catch (RuntimeException e) {
            intaker.forgetSaved();
            throw e;
        }
    }

    @Override
    public boolean refused(AttemptId attempt, String sentence) {
        if (!refusals.refused(attempt) || !subscriptions.refused(attempt, sentence)) {
            return false;
        }
        refusals.reported(attempt);
        return true;
    }

    /// Mailboxes that a storm of gaps kept waiting before this store was opened.
    void recall() {
        ledger.all().stream()
                .filter(Cell::served)
                .filter(Cell::missesUnattended)
                .forEach(storms::remember);
    }

    /// Leaves compensations owed for gaps that a storm held up, once it is over.
    void releaseGaps() {
        for (var held = released(); !held.isEmpty(); held = released()) {
            var some = held;
            ledger.change(draft -> {
                some.forEach(id -> intaker.release(draft, id));
                return draft;
            });
        }
    }

    private Collection<MailboxId> released() {
        return ledger.alone(() -> storms.released(RELEASED_AT_ONCE));
    }

    @Override
    public boolean accepting() {
        return obstacle().isEmpty();
    }

    @Override
    public Optional<String> obstacle() {
        return health.obstacle().or(ledger::failure);
    }

    @Override
    public OptionalLong freeBytes() {
        return health.freeBytes();
    }
}
