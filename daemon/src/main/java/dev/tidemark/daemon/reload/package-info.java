/// Applies a changed configuration to the running daemon.
@NullMarked
package dev.tidemark.daemon.reload;

import org.jspecify.annotations.NullMarked;
