/// Delivers journaled events to sinks, in order and signed, until the sinks accept them. [EventForwarder] starts
/// one [SinkWorker] for each sink; [SinkController] is its loop body.
@NullMarked
package dev.tidemark.forwarder;

import org.jspecify.annotations.NullMarked;
