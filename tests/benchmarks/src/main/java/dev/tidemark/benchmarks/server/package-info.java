/// Servers under measurement: their processes, stores and prepared journals.
@NullMarked
package dev.tidemark.benchmarks.server;

import org.jspecify.annotations.NullMarked;
