package dev.tidemark.subscriber;

import dev.tidemark.store.MailboxLocationStore.MailboxLocation;
import dev.tidemark.store.model.MailboxId;
import java.net.URI;
import java.util.Optional;

/// Mailboxes that may share a stream: those of one address with the same GroupingInformation. Only these are
/// within reach of one server (docs, how-to-maintain-affinity). A connection with a fixed address is one group,
/// because its mailboxes have no location.
record StreamGroup(String connection, Optional<URI> url, Optional<String> grouping) {
    static StreamGroup of(String connection, Optional<MailboxLocation> location) {
        return new StreamGroup(
                connection, location.map(MailboxLocation::url), location.flatMap(MailboxLocation::grouping));
    }

    /// Returns a group for one mailbox without a known location.
    StreamGroup forSingleMailbox(MailboxId mailbox) {
        return new StreamGroup(connection, url, Optional.of(mailbox.toString()));
    }

    /// Returns whether a mailbox of this group must leave the stream of `other`. A mailbox whose location is
    /// unknown for now, because autodiscover runs again, stays.
    boolean isSeparateFrom(StreamGroup other) {
        return !equals(other) && (url.isPresent() || grouping.isPresent());
    }
}
