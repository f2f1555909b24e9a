@NullMarked
package dev.tidemark.reactions;

import org.jspecify.annotations.NullMarked;
