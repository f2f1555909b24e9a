package dev.tidemark.store;

import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// All events in the order they were stored. Once an event can be read, none with an earlier position
/// appears. Safe for use by many threads.
public interface Journal {
    /// Events after `after`, oldest first, at most `limit`; empty at the end.
    List<JournalEvent> read(JournalPosition after, int limit);

    /// The event at `position`, if it is still kept.
    Optional<JournalEvent> at(JournalPosition position);

    /// The mailbox's newest events that are `wanted`, newest first, at most `most`. Walks back through its
    /// last `entries` entries and no further, off the way of the call-backs; what retention took is not
    /// found.
    List<JournalEvent> newest(MailboxId mailbox, Predicate<JournalEvent> wanted, int most, int entries);

    /// The position before the oldest kept event.
    JournalPosition oldest();

    /// The position of the newest event.
    JournalPosition end();

    /// Waits until an event after `after` can be read or `most` has passed; returns whether one can.
    boolean awaitBeyond(JournalPosition after, Duration most) throws InterruptedException;

    /// Journals a lifecycle event of the instance, durable on return.
    void appendInstanceEvent(String type, Map<String, Object> fields);

    /// Journals a lifecycle event of a mailbox, durable on return. Unknown mailboxes are ignored.
    void appendMailboxEvent(MailboxId mailbox, String type, Map<String, Object> fields);

    /// Removes events recorded before `moment` and not after `delivered`, at most `most` rows; returns how
    /// many rows went, so that the caller can go on in small steps.
    int prune(Instant moment, JournalPosition delivered, int most);
}
