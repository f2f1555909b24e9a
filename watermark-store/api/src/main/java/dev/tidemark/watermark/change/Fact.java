package dev.tidemark.watermark.change;

import dev.tidemark.watermark.EventData;
import dev.tidemark.watermark.Origin;
import java.time.Instant;
import java.util.Optional;

/// An event before it has a place in the journal.
public record Fact(EventKey key, String type, Instant time, Optional<Origin> origin, EventData data) {
    public Fact with(EventData other) {
        return new Fact(key, type, time, origin, other);
    }
}
