package dev.tidemark.store.embedded;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.UnitOfWork;
import java.time.Instant;
import java.util.List;

/// Commits to the log first, and applies to the index what is on stable storage. Used under the rules' write lock.
final class EmbeddedWork implements UnitOfWork {
    private final CommitLog log;
    private final StoreIndex index;
    private final JournalReader journal;

    EmbeddedWork(CommitLog log, StoreIndex index, JournalReader journal) {
        this.log = log;
        this.index = index;
        this.journal = journal;
    }

    @Override
    public void commit(List<Change> changes, Instant at) {
        log.append(changes, at);
        index.apply(changes);
        for (var change : changes) {
            if (change instanceof Change.JournalPruned(var upTo)) {
                journal.prune(upTo);
            }
        }
    }

    @Override
    public boolean hasFailed() {
        return log.hasFailed();
    }

    /// Returns false: the log discards a failed record.
    @Override
    public boolean repair() {
        log.repair();
        return false;
    }
}
