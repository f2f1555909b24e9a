package dev.tidemark.benchmarks.server;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreBackup;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.IntStream;

/// Number of different pushed events of each mailbox in a restored store, by the mailbox's number.
public record BackupVerifier(Map<Integer, Long> events) {
    private static final int AT_ONCE = 4_000;

    public BackupVerifier {
        events = Map.copyOf(events);
    }

    /// Restores a backup to an empty folder, and counts its events.
    ///
    /// @param mailboxes number of mailboxes in the store
    public static BackupVerifier restore(Path backup, Path folder, int mailboxes, Clock clock) throws IOException {
        var config = BenchmarkStores.embedded(Files.createDirectories(folder));
        var found = StoreBackup.find(backup);
        try (var source = found.open(clock)) {
            StoreFactory.restore(source, found.restorePoint(clock), config, clock, rows -> {});
        }
        try (var store = StoreFactory.open(config, clock)) {
            return count(store, mailboxes);
        }
    }

    private static BackupVerifier count(WatermarkStore store, int mailboxes) {
        var counts = new HashMap<EventSource, Long>();
        var known = new HashSet<String>();
        for (var some = store.journal().read(JournalPosition.START, AT_ONCE);
                !some.isEmpty();
                some = store.journal().read(some.getLast().position(), AT_ONCE)) {
            some.stream()
                    .filter(BackupVerifier::isPushed)
                    .filter(event -> known.add(event.id().value()))
                    .forEach(event -> counts.merge(event.source(), 1L, Long::sum));
        }
        var events = new HashMap<Integer, Long>();
        IntStream.range(0, mailboxes)
                .forEach(number -> store.mailboxes()
                        .find(MailboxFixture.address(number))
                        .map(mailbox -> counts.get(new EventSource.OfMailbox(mailbox.id())))
                        .ifPresent(count -> events.put(number, count)));
        return new BackupVerifier(events);
    }

    private static boolean isPushed(JournalEvent event) {
        return event.origin().filter(EventOrigin.PUSH::equals).isPresent();
    }

    /// Returns how many of the first `acknowledged` events of each mailbox are missing. The events of a mailbox are in
    /// order, so a store with as many has the same.
    public long missing(long[] acknowledged) {
        return IntStream.range(0, acknowledged.length)
                .mapToLong(number -> Math.max(0, acknowledged[number] - events.getOrDefault(number, 0L)))
                .sum();
    }
}
