package dev.tidemark.store.embedded;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.JournalRow;
import dev.tidemark.store.change.MailboxRow;
import dev.tidemark.store.engine.StoredState;
import dev.tidemark.store.model.MailboxId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// State of the store in snapshot and log. Reads all state changes first, then the journal after the snapshot,
/// which updates the saved rows of the mailboxes. Used by the thread that opens the store.
final class StoreStart implements StoredState {
    private final CommitLog log;
    private final JournalReader journal;
    private final Map<MailboxId, MailboxRow> saved = new HashMap<>();
    private final Map<MailboxId, Change.MailboxForgotten> forgotten = new HashMap<>();
    /// forgotten mailboxes of which the snapshot or the log held rows, so that removed rows may be in the index's file
    private final Set<MailboxId> erasedLately = new HashSet<>();
    private Optional<Change.InstanceSaved> instance = Optional.empty();

    StoreStart(CommitLog log, JournalReader journal) {
        this.log = log;
        this.journal = journal;
    }

    /// Reads all state changes and passes those of the index to `index`.
    void readState(Consumer<Change> index) {
        log.readState(change -> {
            switch (change) {
                case Change.MailboxSaved(var row) -> saved.put(row.id(), row);
                case Change.MailboxForgotten row -> {
                    saved.remove(row.mailbox());
                    forgotten.put(row.mailbox(), row);
                    if (!row.erased()) {
                        erasedLately.add(row.mailbox());
                    }
                }
                case Change.InstanceSaved row -> instance = Optional.of(row);
                case Change.JournalPruned(var upTo) -> journal.prune(upTo);
                default -> index.accept(change);
            }
        });
    }

    @Override
    public Optional<Change.InstanceSaved> instance() {
        return instance;
    }

    /// Returns a phrase for the log that describes the previous stop of the store.
    String previousStop() {
        return instance.map(row -> row.clean() ? "stopped cleanly before" : "not stopped cleanly before")
                .orElse("new");
    }

    /// @throws dev.tidemark.store.StoreException if the journal lacks events that were not pruned
    @Override
    public Collection<MailboxRow> drainMailboxes() {
        log.requireJournalBehind(journal.prunedTo());
        var rows = List.copyOf(saved.values());
        saved.clear();
        return rows;
    }

    /// Returns the number of forgotten mailboxes of which the index never held a row.
    int erasedBefore() {
        return forgotten.size() - erasedLately.size();
    }

    @Override
    public Collection<Change.MailboxForgotten> forgottenMailboxes() {
        return List.copyOf(forgotten.values());
    }

    @Override
    public void readNewerJournal(Consumer<JournalRow> sink) {
        log.readJournal(sink);
    }
}
