/// The store in files: a log, which is the durable truth, and an index of it in H2.
/// [dev.tidemark.store.embedded.StoreFactory] is the way in.
@NullMarked
package dev.tidemark.store.embedded;

import org.jspecify.annotations.NullMarked;
