package dev.tidemark.store;

import dev.tidemark.store.model.MailboxId;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Locations of mailboxes, from the latest autodiscover. Reads do not access the database. Thread-safe.
public interface MailboxLocationStore {
    /// Address of Exchange Web Services for a mailbox. Mailboxes with the same address and the same `grouping` can
    /// share streaming connections.
    record MailboxLocation(URI url, Optional<String> grouping, Instant takenAt) {}

    Optional<MailboxLocation> find(MailboxId mailbox);

    /// Replaces the locations of these mailboxes. Durable on return.
    void put(Map<MailboxId, MailboxLocation> locations);
}
