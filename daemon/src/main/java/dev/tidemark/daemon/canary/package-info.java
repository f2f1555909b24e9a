/// Measures the path from Exchange to the sinks with messages in canary mailboxes.
@NullMarked
package dev.tidemark.daemon.canary;

import org.jspecify.annotations.NullMarked;
