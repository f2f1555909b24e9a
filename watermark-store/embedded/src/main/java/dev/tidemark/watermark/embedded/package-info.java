/// The store in files: a log, which is the durable truth, and an index of it in H2.
/// [dev.tidemark.watermark.embedded.StoreFactory] is the way in.
@NullMarked
package dev.tidemark.watermark.embedded;

import org.jspecify.annotations.NullMarked;
