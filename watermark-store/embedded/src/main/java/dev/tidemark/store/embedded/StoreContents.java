package dev.tidemark.store.embedded;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.transfer.StoreSource;
import java.util.function.Consumer;

/// Current state of an open store, read from snapshot and log concurrently with all other work. Keeps their files
/// until it is closed.
final class StoreContents implements StoreSource {
    private final CommitLog log;

    StoreContents(CommitLog log) {
        this.log = log;
        log.pin();
    }

    @Override
    public long read(Consumer<Change> sink) {
        var prunedTo = new long[1];
        var state = log.readStateSoFar(change -> {
            if (change instanceof Change.JournalPruned(var upTo)) {
                prunedTo[0] = Math.max(prunedTo[0], upTo);
            }
            accept(sink, change);
        });
        return log.readJournalTo(state.end(), prunedTo[0], change -> accept(sink, change));
    }

    private void accept(Consumer<Change> sink, Change change) {
        if (log.isClosing()) {
            throw new StoreException("The store is closing, so the copy is incomplete; start it again later.");
        }
        sink.accept(change);
    }

    @Override
    public void close() {
        log.unpin();
    }
}
