/// Runs the periodic tasks of a node while it has the duty, and wakes them early.
@NullMarked
package dev.tidemark.compensator.schedule;

import org.jspecify.annotations.NullMarked;
