/// Removal of everything that is stored of a mailbox. [dev.tidemark.store.erasure.MailboxEraser] is the entry
/// point.
@NullMarked
package dev.tidemark.store.partition;

import org.jspecify.annotations.NullMarked;
