package dev.tidemark.compensator;

import dev.tidemark.store.model.MailboxId;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/// Mailboxes that wait for their first subscription, in order, with a queue per connection. Limits the subscriptions
/// in flight per connection: one that waits for its turn takes some KiB, an id in the queue some bytes. Not
/// thread-safe; used by the sweep thread, except [#contains] and [#size].
final class FirstSubscriptionQueue {
    private final Map<String, SequencedSet<MailboxId>> queues = new HashMap<>();
    /// connections of the waiting mailboxes
    private final Map<MailboxId, String> members = new ConcurrentHashMap<>();
    /// connections of the first subscriptions that have not ended
    private final Map<MailboxId, String> started = new HashMap<>();
    private final Map<String, Integer> inFlight = new HashMap<>();
    private final ToIntFunction<String> limits;

    /// @param limits returns the limit of subscriptions in flight of a connection
    FirstSubscriptionQueue(ToIntFunction<String> limits) {
        this.limits = limits;
    }

    /// Adds the mailbox. A mailbox that already waits for this connection keeps its place; one that waits for another
    /// moves, because its group did.
    void add(String connection, MailboxId mailbox) {
        var before = members.put(mailbox, connection);
        if (before != null && !before.equals(connection)) {
            queue(before).remove(mailbox);
        }
        queue(connection).add(mailbox);
    }

    private SequencedSet<MailboxId> queue(String connection) {
        return queues.computeIfAbsent(connection, ignored -> new LinkedHashSet<>());
    }

    /// Removes and returns the next mailbox of a connection; empty if none waits, or the limit is reached.
    Optional<MailboxId> poll(String connection) {
        if (inFlight.getOrDefault(connection, 0) >= limits.applyAsInt(connection)) {
            return Optional.empty();
        }
        var queue = queue(connection);
        if (queue.isEmpty()) {
            return Optional.empty();
        }
        var next = queue.removeFirst();
        members.remove(next);
        return Optional.of(next);
    }

    /// Counts a first subscription that starts, until [#onEnded].
    void onStarted(String connection, MailboxId mailbox) {
        started.put(mailbox, connection);
        inFlight.merge(connection, 1, Integer::sum);
    }

    /// Records the end of a repair, which may be a first subscription.
    void onEnded(MailboxId mailbox) {
        var connection = started.remove(mailbox);
        if (connection != null) {
            inFlight.merge(connection, -1, Integer::sum);
        }
    }

    /// Returns the connections with waiting mailboxes.
    List<String> connections() {
        queues.values().removeIf(SequencedSet::isEmpty);
        return List.copyOf(queues.keySet());
    }

    /// Returns true if the mailbox waits. Called by many threads.
    boolean contains(MailboxId mailbox) {
        return members.containsKey(mailbox);
    }

    int size() {
        return members.size();
    }
}
