/// Assertions for tests that use the simulator.
@NullMarked
package dev.tidemark.simulator.assertion;

import org.jspecify.annotations.NullMarked;
