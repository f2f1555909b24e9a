/// Violates the rules on purpose.
@NullMarked
package dev.tidemark.endtoend.violations.ews;

import org.jspecify.annotations.NullMarked;
