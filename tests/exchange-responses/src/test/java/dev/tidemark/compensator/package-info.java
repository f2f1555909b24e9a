@NullMarked
package dev.tidemark.compensator;

import org.jspecify.annotations.NullMarked;
