/// Limits of Exchange's throttling policies.
@NullMarked
package dev.tidemark.simulator.throttle;

import org.jspecify.annotations.NullMarked;
