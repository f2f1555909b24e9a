/// Delivers journalled events to sinks, in order, signed, until they are taken.
@NullMarked
package dev.tidemark.forwarder;

import org.jspecify.annotations.NullMarked;
