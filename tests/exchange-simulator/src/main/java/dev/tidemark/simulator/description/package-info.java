/// Description of the simulator's operations for clients that are generated from it.
@NullMarked
package dev.tidemark.simulator.description;

import org.jspecify.annotations.NullMarked;
