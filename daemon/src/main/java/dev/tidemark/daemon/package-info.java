/** Wires every step into one process: configuration, command line, admin API, metrics, life cycle. */
@NullMarked
package dev.tidemark.daemon;

import org.jspecify.annotations.NullMarked;
