/** Measures of what decoding, storing and delivering cost. */
@NullMarked
package dev.tidemark.benchmarks;

import org.jspecify.annotations.NullMarked;
