package dev.tidemark.watermark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads the state of the store out of snapshot and log when it is opened: first all changes of state, then the journal
/// behind the snapshot, by which mailboxes have moved on since their row was saved. Used by one thread.
final class StoreStart {
    private final CommitLog log;
    private final JournalReader journal;
    private final Map<MailboxId, MailboxRow> saved = new HashMap<>();
    private Optional<Change.InstanceSaved> instance = Optional.empty();

    StoreStart(CommitLog log, JournalReader journal) {
        this.log = log;
        this.journal = journal;
    }

    /// Reads all changes of state, and passes those of the index on.
    void readState(Consumer<Change> index) {
        log.readState(change -> {
            switch (change) {
                case Change.MailboxSaved(var row) -> saved.put(row.id(), row);
                case Change.InstanceSaved row -> instance = Optional.of(row);
                case Change.JournalPruned(var upTo) -> journal.prune(upTo);
                default -> index.accept(change);
            }
        });
    }

    Optional<Change.InstanceSaved> instance() {
        return instance;
    }

    /// Returns what became of the store before this start, in words.
    String past() {
        return instance.map(row -> row.clean() ? "stopped cleanly before" : "not stopped cleanly before")
                .orElse("new");
    }

    /// Returns all mailboxes as they are with what the journal says of them.
    ///
    /// @throws StoreException if the journal lacks events that were not pruned
    Collection<Cell> mailboxes(Duration margin, H2ExchangeOffsets offsets) {
        log.requireJournalBehind(journal.prunedTo());
        var rows = new HashMap<MailboxId, CellCodec.Folded>();
        for (var row : saved.values()) {
            rows.put(row.id(), CellCodec.read(row.id().value(), row.address().value(), row.body()));
        }
        saved.clear();
        log.readJournal(row -> EntryCodec.read(row.position(), row.body()).forEach(entry -> {
            var mailbox = entry.mailbox().map(EventData.MailboxRef::id).map(rows::get);
            mailbox.filter(it -> entry.position() > it.upTo())
                    .ifPresent(it -> Progress.replay(it.cell(), entry, margin, offsets));
        }));
        var cells = new ArrayList<Cell>(rows.size());
        rows.values().forEach(row -> cells.add(row.cell()));
        return cells;
    }
}
