/// Violates the rules on purpose.
@NullMarked
package dev.tidemark.endtoend.violations.listener;

import org.jspecify.annotations.NullMarked;
