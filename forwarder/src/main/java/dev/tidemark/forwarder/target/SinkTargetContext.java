package dev.tidemark.forwarder.target;

import dev.tidemark.store.model.SinkName;
import java.time.Clock;

/// What a target is given when it is opened.
///
/// @param egress asked for every address that the target connects to
/// @param clock the time that receivers are told
/// @param concurrency parcels at a time, trial events included
/// @param batched whether parcels may hold more than one message
public record SinkTargetContext(SinkName sink, EgressPolicy egress, Clock clock, int concurrency, boolean batched) {}
