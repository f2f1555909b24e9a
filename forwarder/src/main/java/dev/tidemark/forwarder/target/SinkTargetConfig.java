package dev.tidemark.forwarder.target;

import java.time.Duration;

/// What kind of target a sink has, and how it is reached. Opening one is where libraries get loaded, so a
/// target that is not configured costs nothing.
public interface SinkTargetConfig {
    /// The word for this kind in the configuration and the admin API.
    String type();

    /// How long one parcel may take; a stop waits no longer than that.
    Duration timeout();

    /// Opens it without waiting for the other side to be there.
    SinkTarget open(SinkTargetContext context);
}
