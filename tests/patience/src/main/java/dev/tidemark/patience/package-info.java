/// How long tests wait.
@NullMarked
package dev.tidemark.patience;

import org.jspecify.annotations.NullMarked;
