/// Settings of the forwarder and its sinks.
@NullMarked
package dev.tidemark.forwarder.config;

import org.jspecify.annotations.NullMarked;
