package dev.tidemark.store.embedded;

import dev.tidemark.log.FileLogDisk;
import dev.tidemark.log.LogConfig;
import dev.tidemark.log.LogDisk;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.sql.StoreTables;
import dev.tidemark.store.transfer.StoreSource;
import java.nio.file.Files;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// State of a store that no process uses. Passes each row once.
final class ClosedStoreSource implements StoreSource {
    private final EmbeddedStore.StoreParts parts;
    private final Map<MailboxId, Change> mailboxes = new LinkedHashMap<>();
    private Optional<Change> instance = Optional.empty();
    private long prunedTo;
    private long end;

    private ClosedStoreSource(EmbeddedStore.StoreParts parts) {
        this.parts = parts;
        parts.index()
                .fill(index -> end = parts.log()
                        .readStateSoFar(change -> sort(change, index))
                        .end());
    }

    /// @throws StoreException if there is no store, it is in use, damaged, or its disk fails
    static ClosedStoreSource open(StoreFiles files, Clock clock) {
        return open(files, new FileLogDisk(files.log()), files.index(), clock);
    }

    /// Opens a store whose new files go to other places.
    static ClosedStoreSource open(StoreFiles files, LogDisk disk, IndexPlace index, Clock clock) {
        if (!Files.isDirectory(files.log())) {
            throw StoreException.ofAbsence(
                    "There is no store at " + files.log() + "; name a directory that holds one.");
        }
        files.refuseOlderStore();
        try {
            var parts = EmbeddedStore.StoreParts.open(disk, LogConfig.DEFAULT, index, clock);
            try {
                return new ClosedStoreSource(parts);
            } catch (RuntimeException e) {
                parts.close();
                throw e;
            }
        } catch (RuntimeException e) {
            throw StoreErrorTranslator.unopened(e);
        }
    }

    private void sort(Change change, Consumer<Change> index) {
        switch (change) {
            case Change.MailboxSaved saved -> mailboxes.put(saved.row().id(), saved);
            case Change.MailboxForgotten forgotten -> mailboxes.put(forgotten.mailbox(), forgotten);
            case Change.InstanceSaved saved -> instance = Optional.of(saved);
            case Change.JournalPruned(var upTo) -> prunedTo = Math.max(prunedTo, upTo);
            default -> index.accept(change);
        }
    }

    @Override
    public long read(Consumer<Change> sink) {
        instance.ifPresent(sink);
        if (prunedTo > 0) {
            sink.accept(new Change.JournalPruned(prunedTo));
        }
        mailboxes.values().forEach(sink);
        new StoreTables(parts.index().jdbc()).forEach(sink);
        return parts.log().readJournalTo(end, prunedTo, sink);
    }

    @Override
    public void close() {
        parts.close();
    }
}
