package dev.tidemark.forwarder.targets;

import dev.tidemark.store.model.SinkName;
import java.time.Clock;

/// Dependencies of a target.
///
/// @param egress policy to ask for every address that the target connects to
/// @param clock clock of the timestamps in requests
/// @param concurrency concurrent batches, test events included
/// @param batched true if a batch may hold more than one message
public record SinkTargetContext(SinkName sink, EgressPolicy egress, Clock clock, int concurrency, boolean batched) {}
