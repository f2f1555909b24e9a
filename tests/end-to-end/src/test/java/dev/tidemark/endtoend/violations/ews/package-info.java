/// Wrong on purpose.
@NullMarked
package dev.tidemark.endtoend.violations.ews;

import org.jspecify.annotations.NullMarked;
