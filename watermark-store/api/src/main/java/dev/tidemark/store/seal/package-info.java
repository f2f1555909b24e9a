/// Sealing of secrets that a store keeps.
@NullMarked
package dev.tidemark.store.seal;

import org.jspecify.annotations.NullMarked;
