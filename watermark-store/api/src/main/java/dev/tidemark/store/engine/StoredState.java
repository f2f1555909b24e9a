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

    /// Returns whether other nodes used the store when it was opened. Their last use has not ended, so it was neither
    /// clean nor unclean.
    default boolean isInUse() {
        return false;
    }

    /// Returns the rows of all mailboxes, and releases them.
    Collection<MailboxRow> drainMailboxes();

    /// Returns the mailboxes that were forgotten.
    Collection<Change.MailboxForgotten> forgottenMailboxes();

    /// Passes to `sink` the journal rows that may be newer than the mailboxes, in order.
    void readNewerJournal(Consumer<JournalRow> sink);
}
