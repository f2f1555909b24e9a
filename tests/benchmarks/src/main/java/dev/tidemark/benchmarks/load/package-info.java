/// Load over raw connections: schedule, request template, response reader and statistics.
@NullMarked
package dev.tidemark.benchmarks.load;

import org.jspecify.annotations.NullMarked;
