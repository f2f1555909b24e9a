package dev.tidemark.store.rules;

import dev.tidemark.store.SubscriptionStore;
import dev.tidemark.store.change.ChangeLimits;
import dev.tidemark.store.change.EventTypes;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.LogLineLimiter;
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

    private final CommittedState committed;
    private final DuplicateWindowFinder overlaps;
    private final MailboxLifecycle lifecycle;
    private final Duration resyncMargin;
    private final Clock clock;
    private final LogLineLimiter subscribedLines = new LogLineLimiter();

    SubscriptionRules(CommittedState committed, DuplicateWindowFinder overlaps, Duration resyncMargin, Clock clock) {
        this.committed = committed;
        this.overlaps = overlaps;
        this.lifecycle = new MailboxLifecycle(resyncMargin);
        this.resyncMargin = resyncMargin;
        this.clock = clock;
    }

    @Override
    public AttemptId begin(MailboxId mailbox, SubscribeReason reason, String fingerprint, Optional<Watermark> from) {
        var seen = committed.find(mailbox);
        if (seen.isEmpty()) {
            return new AttemptId(mailbox, 1);
        }
        // reads from disk here, without the write lock
        var start = overlaps.startOfReplay(seen.get(), from, clock.instant().minus(resyncMargin));
        return committed.changeTogether(mailbox, changeSet -> {
            var current = changeSet.find(mailbox);
            if (current.isEmpty()) {
                // an operator had it forgotten meanwhile
                return new AttemptId(mailbox, 1);
            }
            var record = changeSet.edit(current.get());
            record.attempts++;
            if (record.isServed()) {
                overlaps.open(changeSet, record, start);
                record.degradation = record.degradation.withPendingAttempt(record.lastPosition);
                if (record.degradation.isDegraded()) {
                    countWithoutCallback(record);
                }
                requestResyncForPending(record);
                record.pending = Optional.of(
                        SubscribeAttempt.begun(record.attempts, reason, fingerprint, from, changeSet.now()));
                record.state = record.live.isPresent() && !failed(record) ? record.state : record.plainState();
            }
            changeSet.save(record);
            changeSet.report(
                    () -> LOG.debug("Mailbox {} starts attempt {} ({})", record.address, record.attempts, reason));
            return new AttemptId(mailbox, record.attempts);
        });
    }

    /// Requests a resync, because the outcome of the previous attempt is unknown. If Exchange granted it, it would
    /// have reported the events since. Without a watermark, no other subscription reports them.
    private static void requestResyncForPending(MailboxRecord record) {
        if (record.watermark.isEmpty() && !record.degradation.isDegraded()) {
            record.requestResync(record.pending.map(SubscribeAttempt::begunAt));
        }
    }

    private static boolean failed(MailboxRecord record) {
        return record.state instanceof MailboxState.Failed;
    }

    @Override
    public boolean confirm(AttemptId attempt, SubscribeResult response, Optional<Instant> resyncSince) {
        return committed.changeTogether(attempt.mailbox(), changeSet -> {
            var seen = changeSet
                    .find(attempt.mailbox())
                    .filter(record -> record.isLive(attempt.number()) || record.isPending(attempt.number()));
            seen.ifPresent(
                    record -> confirm(changeSet, changeSet.edit(record), attempt.number(), response, resyncSince));
            return seen.isPresent();
        });
    }

    private void confirm(
            StoreChangeSet changeSet,
            MailboxRecord record,
            long number,
            SubscribeResult response,
            Optional<Instant> resyncSince) {
        record.requestResync(resyncSince);
        if (record.isPending(number)) {
            confirmPending(changeSet, record, response);
        } else {
            confirmPromoted(record, response);
        }
        record.clearCompensationForOlderAttempt();
        closeOverlap(changeSet, record);
        record.state = record.plainState();
        changeSet.save(record);
        changeSet.report(() -> logSubscribed(record, number, changeSet.now()));
    }

    private void logSubscribed(MailboxRecord record, long number, Instant now) {
        LOG.debug("Mailbox {} is subscribed by attempt {}", record.address, number);
        subscribedLines
                .admit(now)
                .ifPresent(omitted ->
                        LOG.info("Mailbox {} is subscribed{}", record.address, LogLineLimiter.suffix(omitted)));
    }

    private void confirmPending(StoreChangeSet changeSet, MailboxRecord record, SubscribeResult response) {
        var attempt = record.pending.orElseThrow().withResponse(response.subscriptionId());
        lifecycle.goLive(changeSet, record, attempt);
        if (attempt.from().isEmpty()) {
            response.watermark()
                    .ifPresent(watermark -> record.setWatermark(new StoredWatermark(watermark, changeSet.now())));
        }
    }

    /// Confirms an attempt whose callback overtook the response. If the response names another subscription, the
    /// chain belongs to that callback's subscription only.
    private static void confirmPromoted(MailboxRecord record, SubscribeResult response) {
        var live = record.live.orElseThrow();
        if (live.isOtherThan(response.subscriptionId())) {
            record.chain = NotificationChain.NEW;
        }
        record.live = Optional.of(live.withResponse(response.subscriptionId()));
    }

    @Override
    public void abandon(AttemptId attempt, String error, boolean countsAgainstWatermark, PendingCompensation next) {
        edit(attempt.mailbox(), (changeSet, record) -> {
            var number = attempt.number();
            if (record.isPending(number)) {
                supersede(record, error, next);
                record.failuresFromWatermark += countsAgainstWatermark ? 1 : 0;
            } else if (record.isLive(number) && !record.live.orElseThrow().confirmed()) {
                // only the response was lost: the attempt has called back and is live
                record.clearCompensationForOlderAttempt();
                closeOverlap(changeSet, record);
            }
            changeSet.save(record);
        });
    }

    private static void supersede(MailboxRecord record, String error, PendingCompensation next) {
        var resync = next.resync() || record.asksForResync();
        record.pending = Optional.empty();
        record.lastError = Optional.of(ChangeLimits.clipped(error));
        record.due = Optional.of(
                MailboxRecord.clipped(new PendingCompensation(next.reason(), next.notBefore(), resync, next.cause())));
        record.dueForAttempt = record.attempts;
        record.state = record.state instanceof MailboxState.Subscribing ? record.plainState() : record.state;
    }

    private static void closeOverlap(StoreChangeSet changeSet, MailboxRecord record) {
        if (record.resyncSince.isEmpty()) {
            record.duplicateWindow = record.duplicateWindow.map(overlap -> overlap.closed(changeSet.now()));
        }
    }

    @Override
    public void fail(MailboxId mailbox, String code, String text) {
        edit(mailbox, (changeSet, record) -> {
            var failure = new MailboxState.Failed(ChangeLimits.clipped(code), ChangeLimits.clipped(text));
            record.pending = Optional.empty();
            if (record.asksForResync()) {
                record.requestResync(record.resyncStart(resyncMargin));
            }
            record.clearPendingCompensation();
            record.state = failure;
            record.lastError = Optional.of(ChangeLimits.clipped(code + ": " + text));
            if (record.failure.filter(failure.code()::equals).isEmpty()) {
                record.failure = Optional.of(failure.code());
                lifecycle.reportFailure(changeSet, record, failure);
            }
            changeSet.save(record);
        });
    }

    @Override
    public void recordLoss(MailboxId mailbox, String reason, String explanation, PendingCompensation next) {
        edit(mailbox, (changeSet, record) -> recordLoss(changeSet, record, new Loss(reason, explanation), next));
    }

    private static final String RESTORED = "restored";

    private record Loss(String reason, String explanation) {}

    private static void recordLoss(
            StoreChangeSet changeSet, MailboxRecord record, Loss loss, PendingCompensation next) {
        if (record.degradation.isDegraded()) {
            return;
        }
        record.state = new MailboxState.Silent();
        record.lastError = Optional.of(ChangeLimits.clipped(loss.explanation()));
        record.schedule(next, record.attempts);
        var attempt = record.live.map(SubscribeAttempt::number).orElse(record.attempts);
        if (record.lostAttempt < attempt) {
            countWithoutCallback(record);
            record.lostAttempt = attempt;
            var fields = new LinkedHashMap<String, Object>();
            record.lastHeardAt().ifPresent(at -> fields.put("lastHeardAt", at.toString()));
            fields.put("reason", loss.reason());
            fields.put("message", record.lastError.get());
            changeSet.appendLifecycleEvent(record, EventTypes.LOST, fields);
            changeSet.report(() -> logLoss(record, loss));
        }
        changeSet.save(record);
    }

    /// Ends the attempts of a mailbox whose store was restored from a backup, and leaves out `numbers` sequence and
    /// attempt numbers that may have been assigned after the backup. Subscribes a served mailbox again from its
    /// watermark.
    static void recordRestore(StoreChangeSet changeSet, MailboxRecord record, long numbers) {
        var isSubscribed = record.live.isPresent() || record.pending.isPresent();
        record.sequence += numbers;
        if (isSubscribed && record.isServed()) {
            var next = new PendingCompensation(SubscribeReason.OPERATOR, changeSet.now(), false, RESTORED);
            recordLoss(changeSet, record, new Loss(RESTORED, SubscriptionStore.RESTORED), next);
            record.schedule(next, record.attempts);
        }
        record.endAttempts();
        record.attempts += numbers;
        changeSet.save(record);
    }

    /// Records that callbacks of this attempt are refused repeatedly. A resync fetches their events, because a new
    /// subscription from the watermark would repeat them. Returns false if the attempt is not live.
    boolean recordRefusals(AttemptId attempt, String sentence) {
        return committed.change(changeSet -> {
            var live = changeSet
                    .find(attempt.mailbox())
                    .filter(MailboxRecord::isServed)
                    .filter(record -> record.isLive(attempt.number()));
            live.ifPresent(seen -> {
                var explanation = MailboxLifecycle.REPEATED + " callbacks in a row were refused, the last at "
                        + ReadableTime.of(changeSet.now()) + ": " + sentence
                        + " A resync fetches what they reported; if this continues, check for a proxy that changes"
                        + " bodies, or report it with a recorded callback";
                var next = new PendingCompensation(SubscribeReason.SILENCE, changeSet.now(), true, REFUSED);
                recordLoss(changeSet, changeSet.edit(seen), new Loss(REFUSED, explanation), next);
            });
            return live.isPresent();
        });
    }

    /// Logs the loss. A lost subscription is replaced; one that never called back, or whose callbacks were
    /// refused, may need an operator.
    private static void logLoss(MailboxRecord record, Loss loss) {
        var explanation = loss.explanation();
        if (loss.reason().equals(RESTORED)) {
            // all mailboxes at once
            LOG.debug("Mailbox {} is silent: {}", record.address, explanation);
        } else if (record.calledBack && !loss.reason().equals(REFUSED)) {
            LOG.info("Mailbox {} is silent: {}", record.address, explanation);
        } else {
            LOG.warn("Mailbox {} is silent: {}", record.address, explanation);
        }
    }

    /// Counts the live attempt, once, if it was a compensation without a callback.
    private static void countWithoutCallback(MailboxRecord record) {
        var compensation = record.live.filter(
                live -> live.reason() != SubscribeReason.INITIAL && live.number() > record.lostAttempt);
        if (compensation.isPresent() && !record.calledBack) {
            record.compensationsWithoutCallback++;
            record.lostAttempt = compensation.get().number();
        }
    }

    @Override
    public void recordImpairment(MailboxId mailbox, String reason, String message) {
        edit(mailbox, (changeSet, record) -> lifecycle.reportImpairment(changeSet, record, reason, message));
    }

    @Override
    public void scheduleCompensation(MailboxId mailbox, PendingCompensation next) {
        edit(mailbox, (changeSet, record) -> {
            record.schedule(next, record.attempts);
            record.state = failed(record) ? record.stateBeforeSubscribe() : record.state;
            changeSet.save(record);
        });
    }

    private void edit(MailboxId mailbox, BiConsumer<StoreChangeSet, MailboxRecord> work) {
        committed.changeTogether(
                mailbox,
                changeSet -> changeSet
                        .find(mailbox)
                        .filter(MailboxRecord::isServed)
                        .map(seen -> {
                            var record = changeSet.edit(seen);
                            work.accept(changeSet, record);
                            return record;
                        }));
    }
}
