/** The scheduled jobs that notice silence and age, and mend them. */
@NullMarked
package dev.tidemark.compensator;

import org.jspecify.annotations.NullMarked;
