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

    /// Returns the time at which the live attempt was confirmed or first called back, in milliseconds since 1970; 0
    /// without one.
    long subscribedMillis();

    Optional<StoredWatermark> watermark();

    Optional<String> lastError();

    /// Returns true if the mailbox is silent, degraded or failed, or has an error.
    default boolean isUnhealthy() {
        return lastError().isPresent()
                || switch (state()) {
                    case MailboxState.Silent ignored -> true;
                    case MailboxState.Degraded ignored -> true;
                    case MailboxState.Failed ignored -> true;
                    case MailboxState.New ignored -> false;
                    case MailboxState.Subscribing ignored -> false;
                    case MailboxState.Active ignored -> false;
                    case MailboxState.Resyncing ignored -> false;
                    case MailboxState.Paused ignored -> false;
                };
    }

    /// Returns the whole mailbox.
    Mailbox snapshot();
}
