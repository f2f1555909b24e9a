package dev.tidemark.store.model;

import java.time.Instant;
import java.util.Optional;

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
        EventData data) {}
