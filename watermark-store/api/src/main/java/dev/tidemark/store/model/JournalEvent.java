package dev.tidemark.store.model;

import java.time.Instant;
import java.util.Optional;

/// An event as the journal keeps it.
///
/// @param type the CloudEvents type without `dev.tidemark.`, e.g. `mailbox.message.received`
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
        EventData data) {}
