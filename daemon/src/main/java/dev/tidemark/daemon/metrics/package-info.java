/// Metrics in the Prometheus text format, read from the modules at each scrape.
@NullMarked
package dev.tidemark.daemon.metrics;

import org.jspecify.annotations.NullMarked;
