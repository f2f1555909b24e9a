package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.util.Optional;

/// Where a mailbox is served, as autodiscover says.
public sealed interface AutodiscoverResult {
    MailboxAddress mailbox();

    /// Exchange Web Services answer at `url`. Mailboxes of the same url and `grouping` can share a streaming
    /// connection (docs, how-to-maintain-affinity).
    record At(MailboxAddress mailbox, URI url, Optional<String> grouping) implements AutodiscoverResult {}

    /// It is said to be served at a host to which credentials must not go.
    record Elsewhere(MailboxAddress mailbox, String host) implements AutodiscoverResult {}

    /// It is not known, or not now.
    record Unknown(MailboxAddress mailbox, EwsError error) implements AutodiscoverResult {}
}
