/// Violates the rules on purpose.
@NullMarked
package dev.tidemark.endtoend.violations.forwarder;

import org.jspecify.annotations.NullMarked;
