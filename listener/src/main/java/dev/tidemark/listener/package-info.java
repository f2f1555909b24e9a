/** Takes the call-backs of Exchange and acknowledges what is safely on disk. */
@NullMarked
package dev.tidemark.listener;

import org.jspecify.annotations.NullMarked;
