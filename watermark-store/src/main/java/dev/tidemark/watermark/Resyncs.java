package dev.tidemark.watermark;

import dev.tidemark.ews.SyncState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Sync states, and the events that a synchronisation finds. Durable on return. Safe for use by many threads,
/// one per mailbox.
public interface Resyncs {
    /// A folder's state, when it was taken, and whether the folder had been read to its end by then. One in the
    /// middle of a folder counts as taken when the one was that the reading began with.
    record FolderState(SyncState state, Instant takenAt, boolean complete) {}

    Optional<FolderState> state(MailboxId mailbox, String folder);

    /// Forgets a folder's state, because Exchange refused it or the folder went.
    void forget(MailboxId mailbox, String folder);

    /// Prepares to recognise what the journal holds for this mailbox since `since`, by id. Call it before the
    /// first page; a mailbox stays prepared until push has passed the overlap.
    void prepare(MailboxId mailbox, Instant since);

    /// Stores a page in one transaction: news get the next sequence numbers, known ones are dropped.
    Recovery.Count store(Recovery page);

    /// The owed resync is done: nothing is owed any more, and `mailbox.resync.completed` is journalled.
    void completed(MailboxId mailbox, String method, Recovery.Count count, Duration took);
}
