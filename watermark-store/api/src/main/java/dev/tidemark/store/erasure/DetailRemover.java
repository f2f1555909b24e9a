package dev.tidemark.store.erasure;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.engine.DetailQueries;
import dev.tidemark.store.model.JournalPosition;
import java.util.function.Consumer;

/// Removes the item details of a forgotten mailbox. Details are stored by position, so its events are read backward
/// to the oldest event with a detail.
record DetailRemover(BackwardJournalReader journal, DetailQueries details) {
    /// Passes the removal of each detail to `sink`.
    void forEach(Change.MailboxForgotten row, Consumer<Change> sink) {
        details.after(0)
                .ifPresent(oldest -> journal.back(row.mailbox(), row.lastPosition(), (entry, recordedAt) -> {
                    for (var position = entry.position(); position <= entry.end(); position++) {
                        var at = new JournalPosition(position);
                        if (details.exists(at)) {
                            sink.accept(new Change.DetailRemoved(at));
                        }
                    }
                    return entry.back() >= oldest.value();
                }));
    }
}
