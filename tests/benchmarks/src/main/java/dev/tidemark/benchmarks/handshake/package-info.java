/// Comparison of the cost of new TLS connections with that of nginx.
@NullMarked
package dev.tidemark.benchmarks.handshake;

import org.jspecify.annotations.NullMarked;
