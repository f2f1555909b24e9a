package dev.tidemark.store;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Optional;

/// Stores the transitions of subscription attempts and of the compensations that lead to them. Changes are on
/// stable storage on return. Thread-safe. Ignores unknown mailboxes and superseded attempts.
public interface SubscriptionStore {
    /// Last error of a mailbox from a restore until its first callback. Nothing is wrong with the mailbox.
    String RESTORED = "the store was restored from a backup, so the mailbox is subscribed again from the watermark of"
            + " the backup";

    /// Starts an attempt before its Subscribe request is sent. Supersedes an older pending attempt at once; the
    /// live one continues until the new one is confirmed or calls back. From here on the store remembers the ids
    /// of the mailbox's events, to recognize a replay from the watermark.
    AttemptId begin(MailboxId mailbox, SubscribeReason reason, String fingerprint, Optional<Watermark> from);

    /// Records that Exchange granted the attempt: it becomes live, supersedes the previous one and journals
    /// `subscription.created`. An attempt without a watermark adopts the watermark of the response. If there was
    /// an old watermark, the method schedules a resync from it. Returns false if the attempt is already
    /// superseded.
    ///
    /// @param resyncSince start of a resync to schedule; the earliest start stays
    boolean confirm(AttemptId attempt, SubscribeResult response, Optional<Instant> resyncSince);

    /// Records that the attempt failed: it is superseded, and the mailbox is due again as `next` says. A live
    /// attempt stays.
    ///
    /// @param countsAgainstWatermark true if this counts as a failure from the watermark
    void abandon(AttemptId attempt, String error, boolean countsAgainstWatermark, PendingCompensation next);

    /// Marks the subscription as failed and journals `subscription.failed` once. The state stays failed until
    /// [#scheduleCompensation] or a new attempt.
    void fail(MailboxId mailbox, String code, String text);

    /// Records that the subscription counts as lost: the state is silent, `subscription.lost` is journaled once
    /// per attempt, and `next` is pending.
    ///
    /// @param explanation a sentence for operators, the mailbox's last error until it calls back
    void recordLoss(MailboxId mailbox, String reason, String explanation, PendingCompensation next);

    default void recordLoss(MailboxId mailbox, String reason, PendingCompensation next) {
        recordLoss(mailbox, reason, "No callback from Exchange: " + reason, next);
    }

    /// Reports a lasting problem of a mailbox that still works: journals `mailbox.impaired`. The caller does so
    /// once for each problem.
    ///
    /// @param reason machine-readable reason
    /// @param message sentence for operators, the mailbox's last error from here on
    void recordImpairment(MailboxId mailbox, String reason, String message);

    /// Schedules a compensation. The earlier of two stays, and a requested `resync` stays requested.
    void scheduleCompensation(MailboxId mailbox, PendingCompensation next);
}
