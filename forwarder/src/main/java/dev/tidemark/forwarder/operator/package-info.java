/// Requests of an operator to a sink, and the state of sinks that the operator sees.
@NullMarked
package dev.tidemark.forwarder.operator;

import org.jspecify.annotations.NullMarked;
