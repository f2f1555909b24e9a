/// Servers under measurement, with their processes, stores and prepared journals, and the load that is put on them.
@NullMarked
package dev.tidemark.benchmarks.server;

import org.jspecify.annotations.NullMarked;
