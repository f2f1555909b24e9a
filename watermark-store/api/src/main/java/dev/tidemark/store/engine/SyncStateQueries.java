package dev.tidemark.store.engine;

import dev.tidemark.store.ResyncStore.FolderState;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the sync states of folders.
public interface SyncStateQueries {
    Optional<FolderState> find(MailboxId mailbox, String folder);

    /// Returns the states of a mailbox by folder, in the order of the folders.
    Map<String, FolderState> all(MailboxId mailbox);

    /// Returns the mailboxes with a state that was taken before `time`, in order.
    Collection<MailboxId> takenBefore(Instant time);

    /// Returns the mailbox's folders that have a state.
    List<String> folders(MailboxId mailbox);

    /// Returns at most `limit` states that were taken after `time`.
    List<Change.FolderStateSaved> takenAfter(Instant time, int limit);
}
