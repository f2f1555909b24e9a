/// Settings of the subscriber, its groups, connections and streams.
@NullMarked
package dev.tidemark.subscriber.config;

import org.jspecify.annotations.NullMarked;
