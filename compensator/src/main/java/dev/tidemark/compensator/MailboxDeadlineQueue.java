package dev.tidemark.compensator;

import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/// Next check time of each mailbox. Heartbeats do not reschedule it; the check reads the latest state. Not
/// thread-safe; used by one thread.
final class MailboxDeadlineQueue {
    private record Entry(Instant at, long number, MailboxId mailbox) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::number));
    private final Map<MailboxId, Instant> valid = new HashMap<>();
    private long number;

    /// Schedules the mailbox, and replaces its earlier time.
    void schedule(MailboxId mailbox, Instant at) {
        if (!at.equals(valid.put(mailbox, at))) {
            entries.add(new Entry(at, number++, mailbox));
        }
    }

    /// Removes and returns all due mailboxes, earliest first; those of the same time in the order of their calls.
    List<MailboxId> pollDue(Instant now) {
        var due = new ArrayList<MailboxId>();
        while (nextDeadline().filter(at -> !at.isAfter(now)).isPresent()) {
            var mailbox = entries.remove().mailbox();
            valid.remove(mailbox);
            due.add(mailbox);
        }
        return due;
    }

    /// Returns the earliest check time.
    Optional<Instant> nextDeadline() {
        while (!entries.isEmpty() && !isValid(entries.peek())) {
            entries.remove();
        }
        return Optional.ofNullable(entries.peek()).map(Entry::at);
    }

    private boolean isValid(Entry entry) {
        return entry.at().equals(valid.get(entry.mailbox()));
    }
}
