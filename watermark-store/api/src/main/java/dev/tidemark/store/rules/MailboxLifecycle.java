package dev.tidemark.store.rules;

import dev.tidemark.store.change.ChangeLimits;
import dev.tidemark.store.change.EventTypes;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.ReadableText;
import dev.tidemark.values.ReadableTime;
import dev.tidemark.values.SkippedParts;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Transitions of a mailbox that callbacks and operations share. Called under the write lock.
final class MailboxLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxLifecycle.class);
    /// Exchange's event table no longer holds the event of the watermark (docs, responsecode).
    private static final Set<String> WATERMARK_LOST =
            Set.of("ErrorInvalidWatermark", "ErrorEventNotFound", "ErrorMissedNotificationEvents");

    /// Repetitions in a row that indicate a lasting problem.
    static final int REPEATED = 3;

    private final Duration resyncMargin;

    MailboxLifecycle(Duration resyncMargin) {
        this.resyncMargin = resyncMargin;
    }

    /// Makes `attempt` the live one and supersedes the previous one. If it starts without a watermark, or if a
    /// resync was requested, the method schedules a resync from the old watermark.
    void goLive(StoreChangeSet changeSet, MailboxRecord record, SubscribeAttempt attempt) {
        // the fallback transport finds the events of a degraded mailbox
        if (!record.degradation.isDegraded() && (attempt.from().isEmpty() || record.asksForResync())) {
            record.requestResync(record.resyncStart(resyncMargin));
        }
        // a new subscription proves nothing until Exchange calls back, or while it breaks repeatedly
        var unproven = record.degradation.isDegraded()
                || record.awaitsCallbackAfterLoss()
                || record.isTroubled(changeSet.now());
        record.live = Optional.of(attempt);
        record.degradation = record.degradation.withPendingLive();
        record.pending = Optional.empty();
        record.chain = NotificationChain.NEW;
        record.calledBack = false;
        record.standstill = StandstillCount.NONE;
        record.compared = 0;
        record.caughtUp = false;
        // another server may hold the new subscription
        record.callbackSource = Optional.empty();
        record.setSubscribedAt(changeSet.now());
        record.lastError = record.lastError.filter(ignored -> unproven);
        record.failure = Optional.empty();
        record.state = record.plainState();
        if (record.announcedAttempt < attempt.number()) {
            record.announcedAttempt = attempt.number();
            changeSet.appendLifecycleEvent(record, EventTypes.CREATED, reasonFields(record, attempt));
        }
        changeSet.save(record);
    }

    /// Describes the reason with the cause of the pending compensation, if there is one.
    private static Map<String, Object> reasonFields(MailboxRecord record, SubscribeAttempt attempt) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("reason", label(attempt.reason()));
        record.due
                .filter(due -> due.reason() == attempt.reason())
                .map(PendingCompensation::cause)
                .filter(cause -> !cause.isBlank() && !cause.equals(label(attempt.reason())))
                .ifPresent(cause -> fields.put("cause", cause));
        return fields;
    }

    /// Clears the last error of a mailbox that calls back in order. Keeps it if work is still pending for the
    /// mailbox or if it has failed: its old subscription may call for a while. Returns whether it did.
    boolean onCallbackInOrder(MailboxRecord record, Instant now) {
        var isWell =
                !record.hasPendingWork() && !record.isTroubled(now) && !(record.state instanceof MailboxState.Failed);
        if (record.lastError.isEmpty() || !isWell) {
            return false;
        }
        record.lastError = Optional.empty();
        return true;
    }

    /// Ends the silence of a subscription that calls back in order: nothing is missing. Returns whether it was
    /// silent.
    boolean onCallbackAfterSilence(MailboxRecord record) {
        if (!(record.state instanceof MailboxState.Silent)) {
            return false;
        }
        record.state = record.plainState();
        if (record.due
                .filter(due -> due.reason() == SubscribeReason.SILENCE && !due.resync())
                .isPresent()) {
            record.clearPendingCompensation();
        }
        return true;
    }

    /// Ends a degradation, because a callback shows that push works. Events that the fallback transport found
    /// count as known; the scheduled resync finds the others.
    void restorePush(StoreChangeSet changeSet, MailboxRecord record) {
        var degradation = record.degradation.toPushDegradation();
        if (degradation.isEmpty()) {
            return;
        }
        var degraded = degradation.get();
        var known = record.degradation.knownFrom();
        var before = record.state;
        record.degradation = DegradationState.NONE;
        record.requestResync(Optional.of(degraded.since()));
        record.due
                .filter(due -> due.reason() == SubscribeReason.SILENCE)
                .ifPresent(ignored -> record.clearPendingCompensation());
        record.duplicateWindow = Optional.of(DuplicateWindow.open(record.duplicateWindow, known, changeSet.now()));
        record.state = before instanceof MailboxState.Degraded ? record.plainState() : before;
        record.lastError = Optional.empty();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("degradedAt", degraded.at().toString());
        fields.put(
                "durationMs", Duration.between(degraded.at(), changeSet.now()).toMillis());
        changeSet.appendLifecycleEvent(record, EventTypes.RESTORED, fields);
        changeSet.save(record);
        changeSet.report(() -> LOG.info("Push works again for mailbox {}", record.address));
    }

    void reportFailure(StoreChangeSet changeSet, MailboxRecord record, MailboxState.Failed failure) {
        var error = new LinkedHashMap<String, Object>();
        error.put("code", failure.code());
        error.put("message", failure.text());
        var fields = new LinkedHashMap<String, Object>();
        fields.put("error", error);
        fields.put("actionRequired", true);
        changeSet.appendLifecycleEvent(record, EventTypes.FAILED, fields);
        changeSet.report(() -> LOG.warn(
                "Mailbox {} failed and needs operator action: {}: {}; it is retried automatically, and"
                        + " 'tidemark mailboxes show {}' shows when",
                record.address,
                failure.code(),
                ReadableText.clause(failure.text()),
                record.address));
    }

    /// Reports a problem of the mailbox without a change of its state.
    void reportImpairment(StoreChangeSet changeSet, MailboxRecord record, String reason, String message) {
        record.lastError = Optional.of(ChangeLimits.clipped(message));
        var fields = new LinkedHashMap<String, Object>();
        fields.put("reason", reason);
        fields.put("message", record.lastError.get());
        changeSet.appendLifecycleEvent(record, EventTypes.IMPAIRED, fields);
        changeSet.save(record);
        changeSet.report(() -> LOG.warn("Mailbox {} is impaired: {}", record.address, message));
    }

    /// Reports a mailbox that loses events in several consecutive callbacks; once until a callback loses none.
    void recordSkippedParts(StoreChangeSet changeSet, MailboxRecord record, SkippedParts skipped) {
        if (!skipped.losesEntries()) {
            record.callbacksWithSkippedParts = 0;
            return;
        }
        record.callbacksWithSkippedParts++;
        var message = "Events that cannot be understood were passed over in " + record.callbacksWithSkippedParts
                + " callbacks in a row, the last at " + ReadableTime.of(changeSet.now())
                + "; check for a proxy that changes bodies, or report it with a recorded callback";
        if (record.callbacksWithSkippedParts == REPEATED) {
            reportImpairment(changeSet, record, "events-skipped", message);
        } else if (record.callbacksWithSkippedParts > REPEATED) {
            record.lastError = Optional.of(message);
        }
    }

    void reportGap(StoreChangeSet changeSet, MailboxRecord record, ChainLink link) {
        var fields = new LinkedHashMap<String, Object>();
        if (record.membership.protocolExposed()) {
            record.chain.last().map(Watermark::value).ifPresent(value -> fields.put("expectedWatermark", value));
            link.previous().map(Watermark::value).ifPresent(value -> fields.put("previousWatermark", value));
        }
        changeSet.appendLifecycleEvent(record, EventTypes.GAP, fields);
    }

    /// Schedules a compensation for a gap or an error of the live attempt. The delay grows with the number of
    /// recent ones.
    void scheduleCompensation(StoreChangeSet changeSet, MailboxRecord record, SubscribeReason reason, String cause) {
        var live = record.live.orElseThrow();
        var sameWatermark = live.from().isPresent() && live.from().equals(record.watermark.map(StoredWatermark::value));
        if (live.reason() != SubscribeReason.INITIAL && sameWatermark) {
            record.failuresFromWatermark++;
        }
        var due = record.backoff.due(changeSet.now());
        record.backoff = record.backoff.after(changeSet.now());
        if (record.isTroubled(changeSet.now())) {
            record.lastError =
                    Optional.of(ChangeLimits.clipped(record.backoff.step() + " gaps and errors in a row, the last at "
                            + ReadableTime.of(changeSet.now()) + ": " + cause
                            + "; Tidemark fetches what is missing; if this continues,"
                            + " check for a load balancer or proxy that loses callbacks"));
        }
        record.schedule(new PendingCompensation(reason, due, WATERMARK_LOST.contains(cause), cause), live.number());
        changeSet.save(record);
    }

    static String label(SubscribeReason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
