package dev.tidemark.store.rules;

import dev.tidemark.store.SubscriptionStore;
import dev.tidemark.store.change.ChangeLimits;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.ReadableTime;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Implements [SubscriptionStore] on the committed state.
final class SubscriptionRules implements SubscriptionStore {
    private static final String REFUSED = "callbacks-refused";
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionRules.class);

    private final CommittedState ledger;
    private final DuplicateWindowFinder overlaps;
    private final MailboxLifecycle lifecycle;
    private final Duration margin;
    private final Clock clock;

    SubscriptionRules(CommittedState ledger, DuplicateWindowFinder overlaps, Duration margin, Clock clock) {
        this.ledger = ledger;
        this.overlaps = overlaps;
        this.lifecycle = new MailboxLifecycle(margin);
        this.margin = margin;
        this.clock = clock;
    }

    @Override
    public AttemptId begin(MailboxId mailbox, SubscribeReason reason, String fingerprint, Optional<Watermark> from) {
        var seen = ledger.find(mailbox);
        if (seen.isEmpty()) {
            return new AttemptId(mailbox, 1);
        }
        // reads from disk here, without the write lock
        var start = overlaps.startOfReplay(seen.get(), from, clock.instant().minus(margin));
        return ledger.change(draft -> {
            var cell = draft.edit(draft.find(mailbox).orElseThrow());
            cell.attempts++;
            if (cell.isServed()) {
                overlaps.open(draft, cell, start);
                cell.degradation = cell.degradation.withPendingAttempt(cell.lastPosition);
                if (cell.degradation.isDegraded()) {
                    countWithoutCallback(cell);
                }
                requestResyncForPending(cell);
                cell.pending =
                        Optional.of(SubscribeAttempt.begun(cell.attempts, reason, fingerprint, from, draft.now()));
                cell.state = cell.live.isPresent() && !failed(cell) ? cell.state : cell.plainState();
            }
            draft.save(cell);
            LOG.debug("Mailbox {} starts attempt {} ({})", cell.address, cell.attempts, reason);
            return new AttemptId(mailbox, cell.attempts);
        });
    }

    /// Requests a resync, because the outcome of the previous attempt is unknown. If Exchange granted it, it would
    /// have reported the events since. Without a watermark, no other subscription reports them.
    private static void requestResyncForPending(MailboxRecord cell) {
        if (cell.watermark.isEmpty() && !cell.degradation.isDegraded()) {
            cell.requestResync(cell.pending.map(SubscribeAttempt::begunAt));
        }
    }

    private static boolean failed(MailboxRecord cell) {
        return cell.state instanceof MailboxState.Failed;
    }

    @Override
    public boolean confirm(AttemptId attempt, SubscribeResult answer, Optional<Instant> resyncSince) {
        return ledger.change(draft -> {
            var seen = draft.find(attempt.mailbox())
                    .filter(cell -> cell.isLive(attempt.number()) || cell.isPending(attempt.number()));
            seen.ifPresent(cell -> confirm(draft, draft.edit(cell), attempt.number(), answer, resyncSince));
            return seen.isPresent();
        });
    }

    private void confirm(
            StoreChangeSet draft,
            MailboxRecord cell,
            long number,
            SubscribeResult answer,
            Optional<Instant> resyncSince) {
        cell.requestResync(resyncSince);
        if (cell.isPending(number)) {
            confirmPending(draft, cell, answer);
        } else {
            confirmPromoted(cell, answer);
        }
        cell.clearCompensationForOlderAttempt();
        closeOverlap(draft, cell);
        cell.state = cell.plainState();
        draft.save(cell);
        LOG.info("Mailbox {} is subscribed by attempt {}", cell.address, number);
    }

    private void confirmPending(StoreChangeSet draft, MailboxRecord cell, SubscribeResult answer) {
        var attempt = cell.pending.orElseThrow().withResponse(answer.subscriptionId());
        lifecycle.goLive(draft, cell, attempt);
        if (attempt.from().isEmpty()) {
            answer.watermark().ifPresent(fresh -> cell.setWatermark(new StoredWatermark(fresh, draft.now())));
        }
    }

    /// Confirms an attempt whose callback overtook the response. If the response names another subscription, the
    /// chain belongs to that callback's subscription only.
    private static void confirmPromoted(MailboxRecord cell, SubscribeResult answer) {
        var live = cell.live.orElseThrow();
        if (live.isOtherThan(answer.subscriptionId())) {
            cell.chain = NotificationChain.NEW;
        }
        cell.live = Optional.of(live.withResponse(answer.subscriptionId()));
    }

    @Override
    public void abandon(AttemptId attempt, String error, boolean countsAgainstWatermark, PendingCompensation next) {
        edit(attempt.mailbox(), (draft, cell) -> {
            var number = attempt.number();
            if (cell.isPending(number)) {
                supersede(cell, error, next);
                cell.failuresFromWatermark += countsAgainstWatermark ? 1 : 0;
            } else if (cell.isLive(number) && !cell.live.orElseThrow().confirmed()) {
                // only the response was lost: the attempt has called back and is live
                cell.clearCompensationForOlderAttempt();
                closeOverlap(draft, cell);
            }
            draft.save(cell);
        });
    }

    private static void supersede(MailboxRecord cell, String error, PendingCompensation next) {
        var resync = next.resync() || cell.asksForResync();
        cell.pending = Optional.empty();
        cell.lastError = Optional.of(ChangeLimits.clipped(error));
        cell.due = Optional.of(
                MailboxRecord.clipped(new PendingCompensation(next.reason(), next.notBefore(), resync, next.cause())));
        cell.dueForAttempt = cell.attempts;
        cell.state = cell.state instanceof MailboxState.Subscribing ? cell.plainState() : cell.state;
    }

    private static void closeOverlap(StoreChangeSet draft, MailboxRecord cell) {
        if (cell.resyncSince.isEmpty()) {
            cell.duplicateWindow = cell.duplicateWindow.map(overlap -> overlap.closed(draft.now()));
        }
    }

    @Override
    public void fail(MailboxId mailbox, String code, String text) {
        edit(mailbox, (draft, cell) -> {
            var failure = new MailboxState.Failed(ChangeLimits.clipped(code), ChangeLimits.clipped(text));
            cell.pending = Optional.empty();
            if (cell.asksForResync()) {
                cell.requestResync(cell.resyncStart(margin));
            }
            cell.clearPendingCompensation();
            cell.state = failure;
            cell.lastError = Optional.of(ChangeLimits.clipped(code + ": " + text));
            if (cell.failure.filter(failure.code()::equals).isEmpty()) {
                cell.failure = Optional.of(failure.code());
                lifecycle.reportFailure(draft, cell, failure);
            }
            draft.save(cell);
        });
    }

    @Override
    public void recordLoss(MailboxId mailbox, String reason, String explanation, PendingCompensation next) {
        edit(mailbox, (draft, cell) -> recordLoss(draft, cell, new Loss(reason, explanation), next));
    }

    private record Loss(String reason, String explanation) {}

    private static void recordLoss(StoreChangeSet draft, MailboxRecord cell, Loss loss, PendingCompensation next) {
        if (cell.degradation.isDegraded()) {
            return;
        }
        cell.state = new MailboxState.Silent();
        cell.lastError = Optional.of(ChangeLimits.clipped(loss.explanation()));
        cell.schedule(next, cell.attempts);
        var attempt = cell.live.map(SubscribeAttempt::number).orElse(cell.attempts);
        if (cell.lostAttempt < attempt) {
            countWithoutCallback(cell);
            cell.lostAttempt = attempt;
            var fields = new LinkedHashMap<String, Object>();
            cell.lastHeardAt().ifPresent(at -> fields.put("lastHeardAt", at.toString()));
            fields.put("reason", loss.reason());
            fields.put("message", cell.lastError.get());
            draft.appendLifecycleEvent(cell, EventTypes.LOST, fields);
            logLoss(cell, loss);
        }
        draft.save(cell);
    }

    /// Records that callbacks of this attempt are refused repeatedly. A resync fetches their events, because a new
    /// subscription from the watermark would repeat them. Returns false if the attempt is not live.
    boolean recordRefusals(AttemptId attempt, String sentence) {
        return ledger.change(draft -> {
            var live = draft.find(attempt.mailbox())
                    .filter(MailboxRecord::isServed)
                    .filter(cell -> cell.isLive(attempt.number()));
            live.ifPresent(seen -> {
                var explanation = MailboxLifecycle.REPEATED + " callbacks in a row were refused, the last at "
                        + ReadableTime.of(draft.now()) + ": " + sentence
                        + " A resync fetches what they reported; if this continues, check for a proxy that changes"
                        + " bodies, or report it with a recorded callback";
                var next = new PendingCompensation(SubscribeReason.SILENCE, draft.now(), true, REFUSED);
                recordLoss(draft, draft.edit(seen), new Loss(REFUSED, explanation), next);
            });
            return live.isPresent();
        });
    }

    /// Logs the loss. A lost subscription is replaced; one that never called back, or whose callbacks were
    /// refused, may need an operator.
    private static void logLoss(MailboxRecord cell, Loss loss) {
        var explanation = loss.explanation();
        if (cell.calledBack && !loss.reason().equals(REFUSED)) {
            LOG.info("Mailbox {} is silent: {}", cell.address, explanation);
        } else {
            LOG.warn("Mailbox {} is silent: {}", cell.address, explanation);
        }
    }

    /// Counts the live attempt, once, if it was a compensation without a callback.
    private static void countWithoutCallback(MailboxRecord cell) {
        var compensation =
                cell.live.filter(live -> live.reason() != SubscribeReason.INITIAL && live.number() > cell.lostAttempt);
        if (compensation.isPresent() && !cell.calledBack) {
            cell.compensationsWithoutCallback++;
            cell.lostAttempt = compensation.get().number();
        }
    }

    @Override
    public void recordImpairment(MailboxId mailbox, String reason, String message) {
        edit(mailbox, (draft, cell) -> lifecycle.reportImpairment(draft, cell, reason, message));
    }

    @Override
    public void scheduleCompensation(MailboxId mailbox, PendingCompensation next) {
        edit(mailbox, (draft, cell) -> {
            cell.schedule(next, cell.attempts);
            cell.state = failed(cell) ? cell.stateBeforeSubscribe() : cell.state;
            draft.save(cell);
        });
    }

    private void edit(MailboxId mailbox, BiConsumer<StoreChangeSet, MailboxRecord> work) {
        ledger.change(draft -> draft.find(mailbox).filter(MailboxRecord::isServed).map(seen -> {
            var cell = draft.edit(seen);
            work.accept(draft, cell);
            return cell;
        }));
    }
}
