/// Selection of the events of a sink.
@NullMarked
package dev.tidemark.forwarder.routing;

import org.jspecify.annotations.NullMarked;
