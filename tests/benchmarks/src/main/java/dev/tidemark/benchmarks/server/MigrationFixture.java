package dev.tidemark.benchmarks.server;

import dev.tidemark.store.ResyncStore.FolderState;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkStatus;
import dev.tidemark.store.transfer.StoreDigest;
import dev.tidemark.store.transfer.StoreTarget;
import dev.tidemark.values.SyncState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Creates a store with many events, dead letters, deferred deliveries and sync states.
public final class MigrationFixture {
    private static final int MAILBOXES = 1_000;
    private static final int OTHER_ROWS = 10_000;

    /// seconds until the last of the next attempts
    private static final int MAX_DELAY = 30;

    private MigrationFixture() {}

    /// Puts such a store into `folder`.
    ///
    /// @param scratch folder for a copy of the journal
    public static void prepare(Path folder, int events, Path scratch, Path kept, Clock clock) throws IOException {
        JournalFixture.prepare(Files.createDirectories(scratch), MAILBOXES, events, kept, clock);
        var some = someEvents(scratch, clock);
        var from = BenchmarkStores.embedded(scratch);
        try (var source = StoreFactory.openSource(from, clock);
                var target =
                        StoreFactory.openTarget(BenchmarkStores.embedded(Files.createDirectories(folder)), clock)) {
            var newest = source.read(target::write);
            for (var number = 0; number < some.size(); number++) {
                write(target, number, some.get(number), clock.instant());
            }
            // the first events wait for their next attempt, and all later ones for their first
            target.write(new Change.SinkSaved(
                    JournalFixture.SINK,
                    DeliveryPosition.at(some.getLast().position()),
                    new SinkStatus(Optional.empty(), false, false, Optional.empty())));
            target.complete(newest);
        }
    }

    private static List<JournalEvent> someEvents(Path folder, Clock clock) {
        try (var store = StoreFactory.open(BenchmarkStores.embedded(folder), clock)) {
            return store.journal().read(JournalPosition.START, OTHER_ROWS).stream()
                    .filter(event -> event.source() instanceof EventSource.OfMailbox)
                    .toList();
        }
    }

    private static void write(StoreTarget target, int number, JournalEvent event, Instant now) {
        target.write(new Change.DeadLetterSaved(
                new DeadLetter("letter-" + number, JournalFixture.SINK, event, "status 500", 9, now), false));
        if (event.source() instanceof EventSource.OfMailbox(var mailbox)) {
            target.write(new Change.DeliveryDeferred(new DeferredDelivery(
                    JournalFixture.SINK,
                    event.position(),
                    mailbox.value(),
                    1,
                    Optional.of(now),
                    now.plusSeconds(number % MAX_DELAY),
                    false,
                    Optional.of("status 503"))));
            var state = new FolderState(new SyncState("H4sIAA==".repeat(20) + number), now, true);
            target.write(new Change.FolderStateSaved(mailbox, "folder-" + number, state));
        }
    }

    /// Returns the counts and checksums of the store in `folder`.
    public static StoreDigest digest(Path folder, Clock clock) {
        try (var source = StoreFactory.openSource(BenchmarkStores.embedded(folder), clock)) {
            return StoreDigest.of(source);
        }
    }
}
