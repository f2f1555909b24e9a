/** Subscribes mailboxes, keeps them subscribed, and recovers missed events. */
@NullMarked
package dev.tidemark.subscriber;

import org.jspecify.annotations.NullMarked;
