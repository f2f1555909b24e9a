package dev.tidemark.store.embedded;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.transfer.StoreSource;
import java.util.function.Consumer;

/// State of an open store at this moment, read from snapshot and log beside all other work. Keeps their files until
/// it is closed.
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
            sink.accept(change);
        });
        return log.readJournalTo(state.end(), prunedTo[0], sink);
    }

    @Override
    public void close() {
        log.unpin();
    }
}
