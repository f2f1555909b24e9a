/// Heartbeats of Exchange for the sinks that ask for them.
@NullMarked
package dev.tidemark.forwarder.heartbeat;

import org.jspecify.annotations.NullMarked;
