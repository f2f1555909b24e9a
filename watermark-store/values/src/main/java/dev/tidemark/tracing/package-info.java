/// Port for traces of events, without a library. The listener, the store, the forwarder and the daemon report to it; a
/// separate module implements it. Thread-safe.
@NullMarked
package dev.tidemark.tracing;

import org.jspecify.annotations.NullMarked;
