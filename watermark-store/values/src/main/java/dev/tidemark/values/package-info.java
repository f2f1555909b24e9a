/// Values that every module of Tidemark uses, independent of their source: mailboxes, items, folders,
/// watermarks, kinds of change, and notifications. Immutable and thread-safe.
@NullMarked
package dev.tidemark.values;

import org.jspecify.annotations.NullMarked;
