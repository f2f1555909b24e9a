package dev.tidemark.store;

import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.values.NotificationMessage.Notification;
import java.time.Instant;

/// What becomes of mailboxes whose push does not work. That it works again is noticed by [CallbackIntake] itself:
/// the first call-back that counts ends the degradation, journals `mailbox.push.restored` and leaves a resync
/// owed from [dev.tidemark.store.model.PushDegradation#since], which closes what no transport has told. Safe for
/// use by many threads, one per mailbox; unknown, paused and removed mailboxes change nothing.
public interface FallbackStore {
    /// Gives push up: journals `mailbox.push.degraded`, settles what is owed, because `transport` looks for all
    /// of it from now on, and counts what is journalled from here on as known until push is back. Durable on
    /// return. Does nothing where push is given up already.
    ///
    /// @param explanation a sentence for operators, the mailbox's last error until push is back
    void degrade(MailboxId mailbox, String transport, String explanation);

    default void degrade(MailboxId mailbox, String transport) {
        degrade(mailbox, transport, "No callback from Exchange reaches the listener");
    }

    /// Stores what a stream told of a degraded mailbox; what is known already is dropped. Durable on return.
    /// Nothing is stored of a mailbox that is not degraded: push, or the resync that is owed, tells it.
    RecoveredPage.RecoveryCounts streamed(MailboxId mailbox, Notification notification, Instant receivedAt);

    /// Where the mailbox's journal ends now; to be taken before a look for what is new.
    JournalPosition mark(MailboxId mailbox);

    /// A look for what is new that was begun at `mark` has seen all folders to their end: what was journalled
    /// before cannot be found again, so that it need not be remembered. Not durable: forgetting less is
    /// harmless.
    void caughtUp(MailboxId mailbox, JournalPosition mark);
}
