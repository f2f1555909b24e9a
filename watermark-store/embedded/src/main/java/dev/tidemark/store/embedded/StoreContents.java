package dev.tidemark.store.embedded;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.transfer.StoreSource;
import java.util.function.Consumer;

/// Current state of an open store, read from snapshot and log concurrently with all other work. Keeps their files
/// until it is closed.
final class StoreContents implements StoreSource {
    /// bytes of the log that are read between two pauses
    private static final int PORTION_BYTES = 1 << 18;

    private static final int PAUSE_FACTOR = 3;

    private final CommitLog log;
    private final DutyCycle cycle = new DutyCycle(PAUSE_FACTOR);
    private long unpaused;

    StoreContents(CommitLog log) {
        this.log = log;
        log.pin();
    }

    @Override
    public long read(Consumer<Change> sink) {
        var prunedTo = new long[1];
        Consumer<Change> state = change -> {
            if (change instanceof Change.JournalPruned(var upTo)) {
                prunedTo[0] = Math.max(prunedTo[0], upTo);
            }
            accept(sink, change);
        };
        // the target sets the pace of the journal; the state is a small part of the records that this reads
        var end = log.readStateSoFar(state, this::pace).end();
        return log.readJournalTo(end, prunedTo[0], change -> accept(sink, change));
    }

    private void pace(int bytes) {
        unpaused += bytes;
        if (unpaused > PORTION_BYTES) {
            unpaused = 0;
            requireOpen();
            cycle.pause();
        }
    }

    private void accept(Consumer<Change> sink, Change change) {
        requireOpen();
        sink.accept(change);
    }

    private void requireOpen() {
        if (log.isClosing()) {
            throw new StoreException("The store is closing, so the copy is incomplete; start it again later.");
        }
    }

    @Override
    public void close() {
        log.unpin();
    }
}
