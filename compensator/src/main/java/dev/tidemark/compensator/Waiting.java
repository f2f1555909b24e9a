package dev.tidemark.compensator;

import dev.tidemark.watermark.MailboxId;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Mailboxes that need something and wait for their turn, longest silence first. Used by one thread, but for
/// [#contains].
final class Waiting {
    private record Entry(Instant silentSince, MailboxId mailbox) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::silentSince).thenComparing(Entry::mailbox));
    private final Set<MailboxId> members = ConcurrentHashMap.newKeySet();

    /// A mailbox that waits already keeps its place.
    void add(MailboxId mailbox, Instant silentSince) {
        if (members.add(mailbox)) {
            entries.add(new Entry(silentSince, mailbox));
        }
    }

    Optional<MailboxId> take() {
        var first = Optional.ofNullable(entries.poll()).map(Entry::mailbox);
        first.ifPresent(members::remove);
        return first;
    }

    /// Called by many threads.
    boolean contains(MailboxId mailbox) {
        return members.contains(mailbox);
    }

    int size() {
        return members.size();
    }

    boolean isEmpty() {
        return members.isEmpty();
    }
}
