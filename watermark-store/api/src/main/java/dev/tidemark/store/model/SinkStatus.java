package dev.tidemark.store.model;

import java.time.Instant;
import java.util.Optional;

/// What must survive a restart of a sink's health: since when it fails, and whether it is disabled.
public record SinkStatus(
        Optional<Instant> failingSince, boolean disabled, boolean untilOperator, Optional<String> lastError) {
    public static final SinkStatus HEALTHY = new SinkStatus(Optional.empty(), false, false, Optional.empty());
}
