/// Checks Tidemark's output against its published schemas and the standards that it claims.
@NullMarked
package dev.tidemark.conformance;

import org.jspecify.annotations.NullMarked;
