/// What leaves Tidemark, held to its published schemas and to the standards it claims.
@NullMarked
package dev.tidemark.conformance;

import org.jspecify.annotations.NullMarked;
