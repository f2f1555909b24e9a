/// Values that every module of Tidemark speaks in, whatever their source: mailboxes, items, folders, watermarks,
/// kinds of change, and the notifications that report them. Immutable and thread-safe.
@NullMarked
package dev.tidemark.values;

import org.jspecify.annotations.NullMarked;
