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

/// When to look at which mailbox next: one moment each. Whether there is anything to do is seen only then, so
/// that a heartbeat costs nothing here. Used by one thread.
final class MailboxDeadlineQueue {
    private record Entry(Instant at, MailboxId mailbox) {}

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(Comparator.comparing(Entry::at));
    private final Map<MailboxId, Instant> valid = new HashMap<>();

    /// Replaces an earlier wish for this mailbox.
    void schedule(MailboxId mailbox, Instant at) {
        if (!at.equals(valid.put(mailbox, at))) {
            entries.add(new Entry(at, mailbox));
        }
    }

    /// Takes out whatever has come, earliest first.
    List<MailboxId> pollDue(Instant now) {
        var taken = new ArrayList<MailboxId>();
        while (nextDeadline().filter(at -> !at.isAfter(now)).isPresent()) {
            var mailbox = entries.remove().mailbox();
            valid.remove(mailbox);
            taken.add(mailbox);
        }
        return taken;
    }

    /// The earliest moment at which there is something to look at.
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
