@NullMarked
package dev.tidemark.ews.message;

import org.jspecify.annotations.NullMarked;
