/// Subscribes mailboxes, keeps them subscribed, and recovers missed events by resync, poll or stream.
@NullMarked
package dev.tidemark.subscriber;

import org.jspecify.annotations.NullMarked;
