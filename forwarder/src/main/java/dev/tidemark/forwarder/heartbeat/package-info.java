/// Heartbeats of Exchange for the sinks whose `events` name them.
@NullMarked
package dev.tidemark.forwarder.heartbeat;

import org.jspecify.annotations.NullMarked;
