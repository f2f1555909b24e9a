/// Check of the whole chain before going live: Exchange, the callback, and the sinks.
@NullMarked
package dev.tidemark.daemon.check;

import org.jspecify.annotations.NullMarked;
