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

/// Mailboxes that need something and wait for their turn, longest silence first, a line for each connection.
/// Used by one thread, but for [#contains].
final class PendingMailboxQueue {
    private record Entry(Instant silentSince, MailboxId mailbox) {}

    private static final Comparator<Entry> ORDER =
            Comparator.comparing(Entry::silentSince).thenComparing(Entry::mailbox);

    private final Map<String, PriorityQueue<Entry>> queues = new HashMap<>();
    private final Set<MailboxId> members = ConcurrentHashMap.newKeySet();

    /// A mailbox that waits already keeps its place.
    void add(String connection, MailboxId mailbox, Instant silentSince) {
        if (members.add(mailbox)) {
            queues.computeIfAbsent(connection, ignored -> new PriorityQueue<>(ORDER))
                    .add(new Entry(silentSince, mailbox));
        }
    }

    /// The first of those lines that are `open`.
    Optional<MailboxId> poll(Predicate<String> open) {
        var line = queues.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty() && open.test(each.getKey()))
                .map(Map.Entry::getValue)
                .min(Comparator.comparing(each -> Objects.requireNonNull(each.peek()), ORDER));
        var first = line.map(PriorityQueue::poll).map(Entry::mailbox);
        first.ifPresent(members::remove);
        return first;
    }

    /// The connections that somebody waits for.
    Set<String> connections() {
        queues.values().removeIf(PriorityQueue::isEmpty);
        return queues.keySet();
    }

    /// Called by many threads.
    boolean contains(MailboxId mailbox) {
        return members.contains(mailbox);
    }

    int size() {
        return members.size();
    }
}
