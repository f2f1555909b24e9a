package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.util.Optional;

/// Location of a mailbox according to autodiscover.
public sealed interface AutodiscoverResult {
    MailboxAddress mailbox();

    /// Serves the mailbox at `url`. Mailboxes of the same URL and `grouping` can share a streaming connection
    /// (docs, how-to-maintain-affinity).
    record At(MailboxAddress mailbox, URI url, Optional<String> grouping) implements AutodiscoverResult {}

    /// Names a host that must not receive credentials.
    record Elsewhere(MailboxAddress mailbox, String host) implements AutodiscoverResult {}

    /// Gives no location, permanently or for now.
    record Unknown(MailboxAddress mailbox, EwsError error) implements AutodiscoverResult {}
}
