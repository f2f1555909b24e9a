/// Queries of Exchange's directory.
@NullMarked
package dev.tidemark.subscriber.directory;

import org.jspecify.annotations.NullMarked;
