package dev.tidemark.store;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.values.SyncState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// Sync states, and the events that a synchronisation finds. Durable on return. Safe for use by many threads,
/// one per mailbox.
public interface ResyncStore {
    /// A folder's state, when it was taken, and whether the folder had been read to its end by then. One in the
    /// middle of a folder counts as taken when the one was that the reading began with.
    record FolderState(SyncState state, Instant takenAt, boolean complete) {}

    Optional<FolderState> state(MailboxId mailbox, String folder);

    /// The states of all folders of a mailbox that have one, by the folder's name in [RecoveredPage].
    Map<String, FolderState> states(MailboxId mailbox);

    /// The enrolled mailboxes of which a state was taken before `moment`.
    Collection<MailboxId> withStatesBefore(Instant moment);

    /// Forgets a folder's state, because Exchange refused it or the folder went.
    void forget(MailboxId mailbox, String folder);

    /// Prepares to recognise what the journal holds for this mailbox since `since`, by id. Call it before the
    /// first page; a mailbox stays prepared until push has passed the overlap.
    void prepare(MailboxId mailbox, Instant since);

    /// Stores a page in one transaction: news get the next sequence numbers, known ones are dropped.
    RecoveredPage.RecoveryCounts store(RecoveredPage page);

    /// The owed resync is done: nothing is owed any more, and `mailbox.resync.completed` is journalled.
    void completed(MailboxId mailbox, String method, RecoveredPage.RecoveryCounts count, Duration took);

    /// Records that a resync or snapshot broke off and will be continued. `error` is shown with the mailbox until
    /// it is done.
    void interrupted(MailboxId mailbox, String error);

    /// Leaves a snapshot owed to a mailbox that has never been subscribed: what came to it after `since`. Every
    /// look at all its folders that gets to its end brings it. Does nothing for others, and once it is owed.
    void oweSnapshot(MailboxId mailbox, Instant since);

    /// All folders have been read to their end though no resync is owed. If a snapshot is owed it is done with
    /// this, and journalled as `mailbox.resync.completed`.
    void lookedOver(MailboxId mailbox, String method, RecoveredPage.RecoveryCounts count, Duration took);
}
