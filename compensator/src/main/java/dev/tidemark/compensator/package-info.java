/** Finds the need of each mailbox, carries out the repair and records the result. */
@NullMarked
package dev.tidemark.compensator;

import org.jspecify.annotations.NullMarked;
