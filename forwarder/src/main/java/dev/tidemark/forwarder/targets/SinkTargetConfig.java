package dev.tidemark.forwarder.targets;

import java.time.Duration;

/// Settings of a target. Opening a target loads its libraries, so a target that is not configured costs
/// nothing.
public interface SinkTargetConfig {
    /// Returns the name of this kind in the configuration and the admin API.
    String type();

    /// Returns the timeout of one batch, which also limits a stop.
    Duration timeout();

    /// Opens the target without waiting for the other side.
    SinkTarget open(SinkTargetContext context);
}
