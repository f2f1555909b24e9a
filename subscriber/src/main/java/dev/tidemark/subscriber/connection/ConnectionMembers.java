package dev.tidemark.subscriber.connection;

import dev.tidemark.values.MailboxAddress;
import java.util.Set;

/// Lists the mailboxes that a connection serves. [FaultAttribution] calls it on any thread that sends requests.
public interface ConnectionMembers {
    /// Returns whether the connection serves a mailbox that is not in `these`.
    boolean hasOther(String connection, Set<MailboxAddress> these);

    /// Returns the mailboxes that have failed permanently while others of the connection are subscribed.
    Set<MailboxAddress> failedAlone(String connection);
}
