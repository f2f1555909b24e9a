package dev.tidemark.store;

import dev.tidemark.store.model.MailboxId;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Where mailboxes are served, as autodiscover said last. Reads cost no database access. Safe for use by many
/// threads.
public interface MailboxLocationStore {
    /// The address of Exchange Web Services for a mailbox. Mailboxes with the same one and the same `grouping`
    /// can share streaming connections.
    record MailboxLocation(URI url, Optional<String> grouping, Instant takenAt) {}

    Optional<MailboxLocation> find(MailboxId mailbox);

    /// Keeps what is known now, instead of what was; durable on return.
    void put(Map<MailboxId, MailboxLocation> places);
}
