package dev.tidemark.subscriber.connection;

import dev.tidemark.values.MailboxAddress;
import java.util.Set;

/// Knows which mailboxes a connection serves.
public interface ConnectionMembers {
    /// Returns whether the connection serves a mailbox beside these.
    boolean hasOther(String connection, Set<MailboxAddress> these);

    /// Returns the mailboxes that have failed for good while others of the connection are subscribed.
    Set<MailboxAddress> failedAlone(String connection);
}
