/// The durable truth of Tidemark: mailboxes, subscriptions, journal, watermarks, sync states, delivery
/// positions and dead letters. [dev.tidemark.watermark.WatermarkStore] is the way in.
@NullMarked
package dev.tidemark.watermark;

import org.jspecify.annotations.NullMarked;
