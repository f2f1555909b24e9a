/// Copies of whole stores: backup, restore and migration, from any engine to any other.
@NullMarked
package dev.tidemark.store.transfer;

import org.jspecify.annotations.NullMarked;
