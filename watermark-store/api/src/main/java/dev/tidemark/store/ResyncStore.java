package dev.tidemark.store;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.values.SyncState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// Stores sync states and the events that a sync finds. Durable on return. Thread-safe; each mailbox is used by
/// one thread at a time.
public interface ResyncStore {
    /// Sync state of a folder.
    ///
    /// @param takenAt time of the state; a state within a folder has the time of the state that the sync started
    /// from
    /// @param complete true if the sync had read the folder to its end by then
    record FolderState(SyncState state, Instant takenAt, boolean complete) {}

    Optional<FolderState> state(MailboxId mailbox, String folder);

    /// Returns the states of a mailbox's folders, by the folder's name in [RecoveredPage].
    Map<String, FolderState> states(MailboxId mailbox);

    /// Returns the enrolled mailboxes with a state taken before `time`.
    Collection<MailboxId> withStatesBefore(Instant time);

    /// Forgets the state of a folder that Exchange refused or that no longer exists.
    void forget(MailboxId mailbox, String folder);

    /// Prepares to recognize by id the events journaled for this mailbox since `since`. Must be called before the
    /// first page. A mailbox stays prepared until push has passed the overlap.
    void prepare(MailboxId mailbox, Instant since);

    /// Stores a page in one transaction. New events get the next sequence numbers; known events are dropped.
    RecoveredPage.RecoveryCounts store(RecoveredPage page);

    /// Clears the pending resync and journals `mailbox.resync.completed`.
    void recordCompletion(MailboxId mailbox, String method, RecoveredPage.RecoveryCounts count, Duration took);

    /// Records that a resync or snapshot stopped and will continue. The mailbox shows `error` until it completes.
    void recordInterruption(MailboxId mailbox, String error);

    /// Requests a snapshot of the events after `since` for a mailbox that was never subscribed. Every complete
    /// sync of all its folders delivers it. Does nothing for other mailboxes or if a snapshot is already pending.
    void requestSnapshot(MailboxId mailbox, Instant since);

    /// Records that all folders were read to their end without a pending resync. Completes a pending snapshot and
    /// journals it as `mailbox.resync.completed`.
    void recordRefresh(MailboxId mailbox, String method, RecoveredPage.RecoveryCounts count, Duration took);
}
