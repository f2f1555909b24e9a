package dev.tidemark.store.rules;

import dev.tidemark.store.change.ChangeLimits;
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

    private final Duration margin;

    MailboxLifecycle(Duration margin) {
        this.margin = margin;
    }

    /// Makes `attempt` the live one and supersedes the previous one. If it starts without a watermark, or if a
    /// resync was requested, the method schedules a resync from the old watermark.
    void goLive(StoreChangeSet draft, MailboxRecord cell, SubscribeAttempt attempt) {
        // the fallback transport finds the events of a degraded mailbox
        if (!cell.degradation.isDegraded() && (attempt.from().isEmpty() || cell.asksForResync())) {
            cell.requestResync(cell.resyncStart(margin));
        }
        // a new subscription proves nothing until Exchange calls back, or while it breaks repeatedly
        var unproven = cell.degradation.isDegraded() || cell.awaitsCallbackAfterLoss() || cell.isTroubled(draft.now());
        cell.live = Optional.of(attempt);
        cell.degradation = cell.degradation.withPendingLive();
        cell.pending = Optional.empty();
        cell.chain = NotificationChain.NEW;
        cell.calledBack = false;
        cell.standstill = StandstillCount.NONE;
        cell.compared = 0;
        cell.caughtUp = false;
        // another server may hold the new subscription
        cell.callbackSource = Optional.empty();
        cell.setSubscribedAt(draft.now());
        cell.lastError = cell.lastError.filter(ignored -> unproven);
        cell.failure = Optional.empty();
        cell.state = cell.plainState();
        if (cell.announcedAttempt < attempt.number()) {
            cell.announcedAttempt = attempt.number();
            draft.appendLifecycleEvent(cell, EventTypes.CREATED, reasonFields(cell, attempt));
        }
        draft.save(cell);
    }

    /// Describes the reason with the cause of the pending compensation, if there is one.
    private static Map<String, Object> reasonFields(MailboxRecord cell, SubscribeAttempt attempt) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("reason", label(attempt.reason()));
        cell.due
                .filter(due -> due.reason() == attempt.reason())
                .map(PendingCompensation::cause)
                .filter(cause -> !cause.isBlank() && !cause.equals(label(attempt.reason())))
                .ifPresent(cause -> fields.put("cause", cause));
        return fields;
    }

    /// Clears the last error of a mailbox that calls back in order, unless something is still pending for it or
    /// it has failed: the old subscription of a failed mailbox may call for a while. Returns whether it did.
    boolean onCallbackInOrder(MailboxRecord cell, Instant now) {
        var isWell = !cell.hasPendingWork() && !cell.isTroubled(now) && !(cell.state instanceof MailboxState.Failed);
        if (cell.lastError.isEmpty() || !isWell) {
            return false;
        }
        cell.lastError = Optional.empty();
        return true;
    }

    /// Ends the silence of a subscription that calls back in order: nothing is missing. Returns whether it was
    /// silent.
    boolean onCallbackAfterSilence(MailboxRecord cell) {
        if (!(cell.state instanceof MailboxState.Silent)) {
            return false;
        }
        cell.state = cell.plainState();
        if (cell.due
                .filter(due -> due.reason() == SubscribeReason.SILENCE && !due.resync())
                .isPresent()) {
            cell.clearPendingCompensation();
        }
        return true;
    }

    /// Ends a degradation, because a callback shows that push works. Events that the fallback transport found
    /// count as known; the scheduled resync finds the others.
    void restorePush(StoreChangeSet draft, MailboxRecord cell) {
        var ended = cell.degradation.toPushDegradation();
        if (ended.isEmpty()) {
            return;
        }
        var degraded = ended.get();
        var known = cell.degradation.knownFrom();
        var was = cell.state;
        cell.degradation = DegradationState.NONE;
        cell.requestResync(Optional.of(degraded.since()));
        cell.due.filter(due -> due.reason() == SubscribeReason.SILENCE).ifPresent(ignored -> cell.clearPendingCompensation());
        cell.duplicateWindow = Optional.of(DuplicateWindow.open(cell.duplicateWindow, known, draft.now()));
        cell.state = was instanceof MailboxState.Degraded ? cell.plainState() : was;
        cell.lastError = Optional.empty();
        var fields = new LinkedHashMap<String, Object>();
        fields.put("degradedAt", degraded.at().toString());
        fields.put("durationMs", Duration.between(degraded.at(), draft.now()).toMillis());
        draft.appendLifecycleEvent(cell, EventTypes.RESTORED, fields);
        draft.save(cell);
        LOG.info("Push works again for mailbox {}", cell.address);
    }

    void reportFailure(StoreChangeSet draft, MailboxRecord cell, MailboxState.Failed failure) {
        var error = new LinkedHashMap<String, Object>();
        error.put("code", failure.code());
        error.put("message", failure.text());
        var fields = new LinkedHashMap<String, Object>();
        fields.put("error", error);
        fields.put("actionRequired", true);
        draft.appendLifecycleEvent(cell, EventTypes.FAILED, fields);
        LOG.warn(
                "Mailbox {} failed and needs operator action: {}: {}; it is retried automatically, and 'tidemark mailboxes"
                        + " show {}' shows when",
                cell.address,
                failure.code(),
                ReadableText.clause(failure.text()),
                cell.address);
    }

    /// Reports a problem of the mailbox without a change of its state.
    void reportImpairment(StoreChangeSet draft, MailboxRecord cell, String reason, String message) {
        cell.lastError = Optional.of(ChangeLimits.clipped(message));
        var fields = new LinkedHashMap<String, Object>();
        fields.put("reason", reason);
        fields.put("message", cell.lastError.get());
        draft.appendLifecycleEvent(cell, EventTypes.IMPAIRED, fields);
        draft.save(cell);
        LOG.warn("Mailbox {} is impaired: {}", cell.address, message);
    }

    /// Reports a mailbox that loses events in several consecutive callbacks; once until a callback loses none.
    void recordSkippedParts(StoreChangeSet draft, MailboxRecord cell, SkippedParts skipped) {
        if (!skipped.losesEntries()) {
            cell.callbacksWithSkippedParts = 0;
            return;
        }
        cell.callbacksWithSkippedParts++;
        var message = "Events that cannot be understood were passed over in " + cell.callbacksWithSkippedParts
                + " callbacks in a row, the last at " + ReadableTime.of(draft.now())
                + "; check for a proxy that changes bodies, or report it with a recorded callback";
        if (cell.callbacksWithSkippedParts == REPEATED) {
            reportImpairment(draft, cell, "events-skipped", message);
        } else if (cell.callbacksWithSkippedParts > REPEATED) {
            cell.lastError = Optional.of(message);
        }
    }

    void reportGap(StoreChangeSet draft, MailboxRecord cell, ChainLink link) {
        var fields = new LinkedHashMap<String, Object>();
        if (cell.membership.protocolExposed()) {
            cell.chain.last().map(Watermark::value).ifPresent(value -> fields.put("expectedWatermark", value));
            link.previous().map(Watermark::value).ifPresent(value -> fields.put("previousWatermark", value));
        }
        draft.appendLifecycleEvent(cell, EventTypes.GAP, fields);
    }

    /// Schedules a compensation for a gap or an error of the live attempt. The delay grows with the number of
    /// recent ones.
    void scheduleCompensation(StoreChangeSet draft, MailboxRecord cell, SubscribeReason reason, String cause) {
        var live = cell.live.orElseThrow();
        var sameWatermark = live.from().isPresent() && live.from().equals(cell.watermark.map(StoredWatermark::value));
        if (live.reason() != SubscribeReason.INITIAL && sameWatermark) {
            cell.failuresFromWatermark++;
        }
        var due = cell.backoff.due(draft.now());
        cell.backoff = cell.backoff.after(draft.now());
        if (cell.isTroubled(draft.now())) {
            cell.lastError =
                    Optional.of(ChangeLimits.clipped(cell.backoff.step() + " gaps and errors in a row, the last at "
                            + ReadableTime.of(draft.now()) + ": " + cause
                            + "; Tidemark fetches what is missing; if this continues,"
                            + " check for a load balancer or proxy that loses callbacks"));
        }
        cell.schedule(new PendingCompensation(reason, due, WATERMARK_LOST.contains(cause), cause), live.number());
        draft.save(cell);
    }

    static String label(SubscribeReason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
