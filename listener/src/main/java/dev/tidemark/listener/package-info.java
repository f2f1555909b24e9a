/** Receives the callbacks of Exchange and acknowledges them after they are on disk. */
@NullMarked
package dev.tidemark.listener;

import org.jspecify.annotations.NullMarked;
