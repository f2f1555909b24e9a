/// Store in files: a log, which is the durable truth, and an index of it in H2.
/// [dev.tidemark.store.embedded.StoreFactory] is the entry point.
@NullMarked
package dev.tidemark.store.embedded;

import org.jspecify.annotations.NullMarked;
