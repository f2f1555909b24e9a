/// Measurement of the status page and of the API calls behind it, with many mailboxes under load.
@NullMarked
package dev.tidemark.benchmarks.page;

import org.jspecify.annotations.NullMarked;
