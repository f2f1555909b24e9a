/// The one place that wires everything: configuration, command line, admin API, status page, metrics and life
/// cycle.
@NullMarked
package dev.tidemark.daemon;

import org.jspecify.annotations.NullMarked;
