/// Violates the rules on purpose.
@NullMarked
package dev.tidemark.endtoend.violations.mockito;

import org.jspecify.annotations.NullMarked;
