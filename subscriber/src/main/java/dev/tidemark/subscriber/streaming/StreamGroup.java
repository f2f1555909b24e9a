package dev.tidemark.subscriber.streaming;

import dev.tidemark.store.MailboxLocationStore.MailboxLocation;
import dev.tidemark.store.model.MailboxId;
import java.net.URI;
import java.util.Optional;

/// Whose mailboxes one stream may serve: those of one address whose GroupingInformation is the same, because
/// only these are sure to be within one server's reach (docs, how-to-maintain-affinity). A connection with a
/// fixed address is one group, as nothing tells its mailboxes apart.
record StreamGroup(String connection, Optional<URI> url, Optional<String> grouping) {
    static StreamGroup of(String connection, Optional<MailboxLocation> place) {
        return new StreamGroup(connection, place.map(MailboxLocation::url), place.flatMap(MailboxLocation::grouping));
    }

    /// A group for one mailbox whose place nobody can tell.
    StreamGroup forSingleMailbox(MailboxId mailbox) {
        return new StreamGroup(connection, url, Optional.of(mailbox.toString()));
    }

    /// Whether a mailbox of this group has no business among those of `other`. One that nobody knows the place
    /// of just now, because it is asked for again, stays.
    boolean isSeparateFrom(StreamGroup other) {
        return !equals(other) && (url.isPresent() || grouping.isPresent());
    }
}
