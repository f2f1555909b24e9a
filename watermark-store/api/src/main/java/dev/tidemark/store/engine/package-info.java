/// The interfaces that an engine implements to keep a store: one to commit changes, and one to read each kind of
/// row.
@NullMarked
package dev.tidemark.store.engine;

import org.jspecify.annotations.NullMarked;
