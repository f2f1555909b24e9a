/// Secrets and files that a configuration is read from, for the comparison with a later one.
@NullMarked
package dev.tidemark.daemon.inputs;

import org.jspecify.annotations.NullMarked;
