/// Comparison of Tidemark with other servers, and measurements of deliveries, starts and disk space.
@NullMarked
package dev.tidemark.benchmarks;

import org.jspecify.annotations.NullMarked;
