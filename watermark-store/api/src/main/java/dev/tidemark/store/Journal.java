package dev.tidemark.store;

import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// All events in the order in which they were stored. Once an event is readable, no event with an earlier position
/// appears. Reads hide the events of forgotten mailboxes. Thread-safe.
public interface Journal {
    /// Returns the events after `after`, oldest first, at most `limit`; empty at the end.
    List<JournalEvent> read(JournalPosition after, int limit);

    /// Events of wanted types.
    ///
    /// @param next position up to which the journal was read
    record TypedEvents(List<JournalEvent> events, JournalPosition next) {
        public TypedEvents {
            events = List.copyOf(events);
        }
    }

    /// Reads at least `positions` positions after `after`, or to the end, and returns the events of wanted types among
    /// them, oldest first. Cheaper than [#read] if few events are of these types.
    default TypedEvents read(JournalPosition after, int positions, Predicate<String> types) {
        var events = read(after, positions);
        var next = events.isEmpty() ? after : events.getLast().position();
        return new TypedEvents(
                events.stream().filter(event -> types.test(event.type())).toList(), next);
    }

    /// Returns events as [#read] does, and those of forgotten mailboxes, which the caller counts and drops.
    default List<JournalEvent> readWithForgotten(JournalPosition after, int limit) {
        return read(after, limit);
    }

    /// Returns a view of the ids of the forgotten mailboxes that may still have events.
    default Set<MailboxId> forgotten() {
        return Set.of();
    }

    /// Returns a counter that grows with each forgotten mailbox, also if an earlier one leaves the view. Compare two
    /// readings of one process only.
    default int forgottenTotal() {
        return forgotten().size();
    }

    /// Returns the event at `position`, if it is still kept.
    Optional<JournalEvent> find(JournalPosition position);

    /// Returns the mailbox's newest events that are `wanted`, newest first, at most `limit`. Reads back through
    /// its last `entries` entries, without blocking callbacks. Does not find events that retention removed.
    List<JournalEvent> newest(MailboxId mailbox, Predicate<JournalEvent> wanted, int limit, int entries);

    /// Returns the position before the oldest kept event.
    JournalPosition oldest();

    /// Returns the position of the newest event.
    JournalPosition end();

    /// Waits until an event after `after` is readable or `timeout` has passed; returns true if one is readable.
    boolean awaitBeyond(JournalPosition after, Duration timeout) throws InterruptedException;

    /// Journals a lifecycle event of the instance. Durable on return.
    void appendInstanceEvent(String type, Map<String, Object> fields);

    /// Journals a lifecycle event of a mailbox. Durable on return. Ignores unknown mailboxes.
    void appendMailboxEvent(MailboxId mailbox, String type, Map<String, Object> fields);

    /// Removes events recorded before `time`, up to `delivered`, in at most `limit` rows. Returns the number of
    /// removed rows, so that the caller can continue in small steps.
    int prune(Instant time, JournalPosition delivered, int limit);
}
