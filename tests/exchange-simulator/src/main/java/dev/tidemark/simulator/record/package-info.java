/// Recording of the calls to a real server, with ids, addresses and texts replaced.
@NullMarked
package dev.tidemark.simulator.record;

import org.jspecify.annotations.NullMarked;
