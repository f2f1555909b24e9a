@NullMarked
package dev.tidemark.ews.codec;

import org.jspecify.annotations.NullMarked;
