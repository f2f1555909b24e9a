package dev.tidemark.store.model;

import dev.tidemark.values.MailboxAddress;
import java.util.Optional;

/// Fields of a mailbox that lists select, sort and count by. Immutable. A walk over all mailboxes reads them without a
/// copy of each mailbox.
public interface MailboxSummary {
    MailboxId id();

    MailboxAddress address();

    GroupMembership membership();

    MailboxState state();

    /// Returns the time of the last callback that counted, in milliseconds since 1970; 0 before the first one.
    long lastHeardMillis();

    Optional<StoredWatermark> watermark();

    Optional<String> lastError();

    /// Returns the whole mailbox.
    Mailbox snapshot();
}
