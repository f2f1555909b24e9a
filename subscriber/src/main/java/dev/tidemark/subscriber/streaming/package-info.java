@NullMarked
package dev.tidemark.subscriber.streaming;

import org.jspecify.annotations.NullMarked;
