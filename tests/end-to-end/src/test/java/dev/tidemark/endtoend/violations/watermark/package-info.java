/// Wrong on purpose.
@NullMarked
package dev.tidemark.endtoend.violations.watermark;

import org.jspecify.annotations.NullMarked;
