/// Wrong on purpose.
@NullMarked
package dev.tidemark.endtoend.violations.forwarder;

import org.jspecify.annotations.NullMarked;
