package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// All that decides what a mailbox needs at one moment.
///
/// @param silentAt when its live subscription is, or was, silent; while push is given up, when to try it
///     again
/// @param settingsChanged whether the live subscription was made with other settings than configured now
/// @param inFlight whether a remedy is being applied
/// @param holdUntil before when nothing is to be tried
record CompensationDecisionTable(
        Mailbox mailbox,
        Instant now,
        Instant silentAt,
        Duration watermarkLifetime,
        boolean settingsChanged,
        boolean inFlight,
        Optional<Instant> holdUntil) {

    /// Longest valid wait: `limits.max-backoff` and status frequencies are at most a day, spread by a fifth. A
    /// later time comes from an older version, or from before the clock was set back.
    private static final Duration MAX_WAIT = Duration.ofHours(30);

    /// Failures from one watermark after which it is no longer tried.
    private static final int MAX_FAILURES = 2;

    /// The remedy. Pure; its table stands in docs/compensation.md, and is tested against it. What is owed
    /// goes before silence, because it has a schedule of its own; a change of settings waits for both,
    /// because both are cured by it.
    CompensationAction decide() {
        if (inFlight) {
            return new CompensationAction.Blocked("under way");
        }
        if (mailbox.state() instanceof MailboxState.Paused) {
            return new CompensationAction.Blocked("paused");
        }
        if (holdUntil.isPresent() && holdUntil.get().isAfter(now)) {
            return new CompensationAction.WaitUntil(holdUntil.get());
        }
        return mailbox.due().map(this::pendingAction).orElseGet(this::actionByState);
    }

    private CompensationAction pendingAction(PendingCompensation due) {
        return due.notBefore().isAfter(now) && !due.notBefore().isAfter(now.plus(MAX_WAIT))
                ? new CompensationAction.WaitUntil(due.notBefore())
                : subscribe(due.reason(), due.resync());
    }

    private CompensationAction actionByState() {
        if (mailbox.live().isEmpty() || mailbox.state() instanceof MailboxState.Failed) {
            return subscribe(isNew() ? SubscribeReason.INITIAL : SubscribeReason.ERROR, false);
        }
        if (!silentAt.isAfter(now)) {
            return subscribe(SubscribeReason.SILENCE, false);
        }
        if (settingsChanged) {
            return subscribe(SubscribeReason.CONFIG, false);
        }
        if (mailbox.resyncSince().isPresent()) {
            return new CompensationAction.ResumeResync(SubscribeReason.ERROR);
        }
        return new CompensationAction.WaitUntil(silentAt);
    }

    private boolean isNew() {
        return mailbox.watermark().isEmpty() || mailbox.state() instanceof MailboxState.New;
    }

    private CompensationAction subscribe(SubscribeReason reason, boolean resyncAsked) {
        return mailbox.watermark()
                .filter(watermark -> resyncAsked || isExhausted(watermark))
                .<CompensationAction>map(spent -> new CompensationAction.ResubscribeAndResync(reason))
                .orElseGet(() -> new CompensationAction.Resubscribe(reason));
    }

    private boolean isExhausted(StoredWatermark watermark) {
        if (mailbox.degraded().isPresent()) {
            // a try whether push works again does not use it
            return false;
        }
        return mailbox.failuresFromWatermark() >= MAX_FAILURES
                || watermark.takenAt().plus(watermarkLifetime).isBefore(now);
    }
}
