/// Violates the rules on purpose.
@NullMarked
package dev.tidemark.endtoend.violations.store;

import org.jspecify.annotations.NullMarked;
