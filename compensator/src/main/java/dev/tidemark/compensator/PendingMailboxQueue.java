package dev.tidemark.compensator;

import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Mailboxes that need a repair and wait for their turn, longest silence first, with a queue per connection.
/// Not thread-safe; used by the sweep thread, except [#contains] and [#size].
final class PendingMailboxQueue {
    private record Entry(Instant silentSince, MailboxId mailbox) {}

    private static final Comparator<Entry> ORDER =
            Comparator.comparing(Entry::silentSince).thenComparing(Entry::mailbox);

    private final Map<String, PriorityQueue<Entry>> queues = new HashMap<>();
    private final Set<MailboxId> members = ConcurrentHashMap.newKeySet();

    /// Adds the mailbox. A mailbox that already waits keeps its place.
    void add(String connection, MailboxId mailbox, Instant silentSince) {
        if (members.add(mailbox)) {
            queues.computeIfAbsent(connection, ignored -> new PriorityQueue<>(ORDER))
                    .add(new Entry(silentSince, mailbox));
        }
    }

    /// Removes and returns the first mailbox of the queues that are `open`.
    Optional<MailboxId> poll(Predicate<String> open) {
        var queue = queues.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty() && open.test(each.getKey()))
                .map(Map.Entry::getValue)
                .min(Comparator.comparing(each -> Objects.requireNonNull(each.peek()), ORDER));
        var first = queue.map(PriorityQueue::poll).map(Entry::mailbox);
        first.ifPresent(members::remove);
        return first;
    }

    /// Returns the connections with waiting mailboxes.
    Set<String> connections() {
        queues.values().removeIf(PriorityQueue::isEmpty);
        return queues.keySet();
    }

    /// Returns true if the mailbox waits. Called by many threads.
    boolean contains(MailboxId mailbox) {
        return members.contains(mailbox);
    }

    int size() {
        return members.size();
    }
}
