package dev.tidemark.store.model;

import dev.tidemark.store.model.EventData.MailboxRef;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Event as the journal keeps it.
///
/// @param type CloudEvents type without `dev.tidemark.`, for example `mailbox.message.received`
/// @param sequence contiguous from 1 within the source
/// @param origin absent for lifecycle events
public record JournalEvent(
        JournalPosition position,
        EventId id,
        EventSource source,
        long sequence,
        String type,
        Instant time,
        Instant recordedAt,
        Optional<EventOrigin> origin,
        EventData data) {
    /// Returns whether the event is of one of these forgotten mailboxes. The one that reports this, which has no
    /// address, is not.
    public boolean isForgotten(Set<MailboxId> forgotten) {
        return !forgotten.isEmpty()
                && source instanceof EventSource.OfMailbox(var id)
                && forgotten.contains(id)
                && mailbox().flatMap(MailboxRef::address).isPresent();
    }

    /// Returns the mailbox as it was named when the event was recorded; empty for an event of the instance.
    public Optional<MailboxRef> mailbox() {
        return switch (data) {
            case EventData.Change change -> Optional.of(change.mailbox());
            case EventData.Lifecycle lifecycle -> lifecycle.mailbox();
        };
    }
}
