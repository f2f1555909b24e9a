/// Tests of the whole daemon against the simulated Exchange, under faults.
@NullMarked
package dev.tidemark.endtoend;

import org.jspecify.annotations.NullMarked;
