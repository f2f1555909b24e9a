@NullMarked
package dev.tidemark.subscriber.connection;

import org.jspecify.annotations.NullMarked;
