/// Output of the log: format and level.
@NullMarked
package dev.tidemark.daemon.logging;

import org.jspecify.annotations.NullMarked;
