@NullMarked
package dev.tidemark.subscriber.resync;

import org.jspecify.annotations.NullMarked;
