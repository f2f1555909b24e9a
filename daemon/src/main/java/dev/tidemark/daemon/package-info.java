/// Wires all modules: configuration, command line, admin API, status page, metrics and lifecycle.
@NullMarked
package dev.tidemark.daemon;

import org.jspecify.annotations.NullMarked;
