package dev.tidemark.store.change;

import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventOrigin;
import java.time.Instant;
import java.util.Optional;

/// Event before it has a position in the journal.
public record EventDraft(EventKey key, String type, Instant time, Optional<EventOrigin> origin, EventData data) {
    public EventDraft with(EventData other) {
        return new EventDraft(key, type, time, origin, other);
    }
}
