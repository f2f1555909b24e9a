/// Wrong on purpose.
@NullMarked
package dev.tidemark.endtoend.violations.mockito;

import org.jspecify.annotations.NullMarked;
