/// Mailboxes that operators and programs add to groups while the daemon runs.
@NullMarked
package dev.tidemark.daemon.provisioning;

import org.jspecify.annotations.NullMarked;
