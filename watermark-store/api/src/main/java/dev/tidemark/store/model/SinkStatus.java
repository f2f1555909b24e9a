package dev.tidemark.store.model;

import java.time.Instant;
import java.util.Optional;

/// Part of a sink's health that survives a restart: start of its failures, and whether it is disabled.
public record SinkStatus(
        Optional<Instant> failingSince, boolean disabled, boolean untilOperator, Optional<String> lastError) {
    public static final SinkStatus HEALTHY = new SinkStatus(Optional.empty(), false, false, Optional.empty());
}
