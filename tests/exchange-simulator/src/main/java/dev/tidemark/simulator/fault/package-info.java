/// Faults that a test or the control API orders, and the plan that injects them.
@NullMarked
package dev.tidemark.simulator.fault;

import org.jspecify.annotations.NullMarked;
