/// Sort fields of all mailboxes in memory, for lists of many mailboxes.
@NullMarked
package dev.tidemark.store.listing;

import org.jspecify.annotations.NullMarked;
