/// Fetches details of items and names of folders, after the mailbox has its subscription.
@NullMarked
package dev.tidemark.subscriber.detail;

import org.jspecify.annotations.NullMarked;
