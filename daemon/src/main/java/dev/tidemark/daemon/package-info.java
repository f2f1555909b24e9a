/// Wires all modules and runs them: start, readiness, stop. The sub-packages hold configuration, admin API and
/// commands.
@NullMarked
package dev.tidemark.daemon;

import org.jspecify.annotations.NullMarked;
