package dev.tidemark.watermark;

import java.time.Instant;
import java.util.Optional;

/// An event before it has a place in the journal.
record Fact(EventKey key, String type, Instant time, Optional<Origin> origin, EventData data) {}
