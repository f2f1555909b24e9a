/// Durable state of Tidemark: mailboxes, subscriptions, journal, watermarks, sync states, delivery positions and
/// dead letters. [dev.tidemark.store.WatermarkStore] is the entry point.
@NullMarked
package dev.tidemark.store;

import org.jspecify.annotations.NullMarked;
