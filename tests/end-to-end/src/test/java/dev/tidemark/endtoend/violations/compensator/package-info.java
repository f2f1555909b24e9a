/// Violates the rules on purpose.
@NullMarked
package dev.tidemark.endtoend.violations.compensator;

import org.jspecify.annotations.NullMarked;
