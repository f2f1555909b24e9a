package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Facts that decide the need of one mailbox at one instant. [CompensationPlanner] creates it for each check.
///
/// @param silentAt time from which its live subscription counts as silent; while push is suspended, time of the
///     next probe
/// @param settingsChanged true if the live subscription was made with other settings than configured now
/// @param inFlight true if a repair is running
/// @param holdUntil time before which nothing is tried
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

    /// Returns the action. Pure; docs/compensation.md has the table, and a test compares both. A pending
    /// compensation precedes silence, because it has its own schedule. A change of settings waits for both,
    /// because both repairs also apply it.
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

    private CompensationAction pendingAction(PendingCompensation pending) {
        return pending.notBefore().isAfter(now) && !pending.notBefore().isAfter(now.plus(MAX_WAIT))
                ? new CompensationAction.WaitUntil(pending.notBefore())
                : subscribe(pending.reason(), pending.resync());
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

    private CompensationAction subscribe(SubscribeReason reason, boolean resyncRequested) {
        return mailbox.watermark()
                .filter(watermark -> resyncRequested || isExhausted(watermark))
                .<CompensationAction>map(exhausted -> new CompensationAction.ResubscribeAndResync(reason))
                .orElseGet(() -> new CompensationAction.Resubscribe(reason));
    }

    private boolean isExhausted(StoredWatermark watermark) {
        if (mailbox.degraded().isPresent()) {
            // a probe of push does not use the watermark
            return false;
        }
        return mailbox.failuresFromWatermark() >= MAX_FAILURES
                || watermark.takenAt().plus(watermarkLifetime).isBefore(now);
    }
}
