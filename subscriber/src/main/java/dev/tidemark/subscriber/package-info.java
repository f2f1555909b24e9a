/** Subscribes mailboxes, keeps them subscribed, and brings back what was missed. */
@NullMarked
package dev.tidemark.subscriber;

import org.jspecify.annotations.NullMarked;
