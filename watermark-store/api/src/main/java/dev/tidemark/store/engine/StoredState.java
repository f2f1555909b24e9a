package dev.tidemark.store.engine;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.JournalRow;
import dev.tidemark.store.change.MailboxRow;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/// State of a store when it was opened, for the memory of the rules. Used by the thread that opens the store.
public interface StoredState {
    /// Returns the row of the store itself; empty for a new store.
    Optional<Change.InstanceSaved> instance();

    /// Returns the rows of all mailboxes, and forgets them.
    Collection<MailboxRow> takeMailboxes();

    /// Passes the rows of the journal that mailboxes may not know of to `sink`, in order.
    void readNewerJournal(Consumer<JournalRow> sink);
}
