package dev.tidemark.store;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Optional;

/// The life of subscription attempts and of the compensations that lead to them. Every change is on stable
/// storage when the method returns. Safe for use by many threads; unknown mailboxes and superseded attempts
/// change nothing.
public interface SubscriptionStore {
    /// Starts an attempt, before its Subscribe request is sent. An older pending attempt is superseded at
    /// once; the live one goes on until the new one is confirmed or calls back. From here on the ids of what
    /// the mailbox journals are remembered, so that a replay from the watermark is recognised.
    AttemptId begin(MailboxId mailbox, SubscribeReason reason, String fingerprint, Optional<Watermark> from);

    /// Exchange granted the attempt: it is live, the one before is superseded, `subscription.created` is
    /// journalled. Where the attempt started without a watermark, the answer's becomes the mailbox's own, and a
    /// resync from where the old one ends is owed, if there was one. `resyncSince` leaves a resync owed too; the
    /// earliest moment stays. Returns false where the attempt is superseded already.
    boolean confirm(AttemptId attempt, SubscribeResult answer, Optional<Instant> resyncSince);

    /// The attempt came to nothing: it is superseded and the mailbox is due again as `next` says. A live
    /// attempt, if any, stays. Counts as a failure from the watermark if `countsAgainstWatermark`.
    void abandon(AttemptId attempt, String error, boolean countsAgainstWatermark, PendingCompensation next);

    /// Given up for good: journals `subscription.failed` once; the state is failed until [#owe] or a new
    /// attempt.
    void fail(MailboxId mailbox, String code, String text);

    /// Records that the subscription counts as lost: the state is silent, `subscription.lost` is journaled once
    /// per attempt, and `next` is pending.
    ///
    /// @param explanation a sentence for operators, the mailbox's last error until it calls back
    void lost(MailboxId mailbox, String reason, String explanation, PendingCompensation next);

    default void lost(MailboxId mailbox, String reason, PendingCompensation next) {
        lost(mailbox, reason, "No callback from Exchange: " + reason, next);
    }

    /// Reports a lasting problem of a mailbox that still works: journals `mailbox.impaired`. The caller does so
    /// once for each problem.
    ///
    /// @param reason machine-readable reason
    /// @param message sentence for operators, the mailbox's last error from here on
    void impaired(MailboxId mailbox, String reason, String message);

    /// Leaves a compensation owed; the earlier of two stays, and `resync` once asked for stays asked for.
    void owe(MailboxId mailbox, PendingCompensation next);
}
