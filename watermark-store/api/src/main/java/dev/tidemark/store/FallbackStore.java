package dev.tidemark.store;

import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.values.NotificationMessage.Notification;
import java.time.Instant;

/// Stores the state of mailboxes whose push does not work. [CallbackIntake] detects the end of a degradation: the
/// first callback that counts ends it, journals `mailbox.push.restored` and schedules a resync. The resync starts
/// at [dev.tidemark.store.model.PushDegradation#since] and closes gaps of the transport. Thread-safe; each mailbox
/// is used by one thread at a time. Ignores unknown, paused and removed mailboxes.
public interface FallbackStore {
    /// Marks push as degraded and journals `mailbox.push.degraded`. Clears pending compensations, because
    /// `transport` now finds their events. Later events in the journal count as known until push is back. Does
    /// nothing if push is already degraded. Durable on return.
    ///
    /// @param explanation a sentence for operators, the mailbox's last error until push is back
    void degrade(MailboxId mailbox, String transport, String explanation);

    default void degrade(MailboxId mailbox, String transport) {
        degrade(mailbox, transport, "No callback from Exchange reaches the listener");
    }

    /// Stores a stream's notification for a degraded mailbox and drops known events. Durable on return. Stores
    /// nothing for a mailbox that is not degraded: push or the pending resync reports those events.
    RecoveredPage.RecoveryCounts recordStreamed(MailboxId mailbox, Notification notification, Instant receivedAt);

    /// Returns the current end of the mailbox's journal. Must be called before a poll or sync begins.
    JournalPosition mark(MailboxId mailbox);

    /// Records that a poll or sync begun at `mark` has read all folders to their end. It cannot find earlier
    /// events again, so the store forgets their ids. Not durable: a lost call only keeps more ids.
    void recordCaughtUp(MailboxId mailbox, JournalPosition mark);
}
