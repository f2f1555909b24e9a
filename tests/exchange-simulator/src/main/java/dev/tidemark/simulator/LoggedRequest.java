package dev.tidemark.simulator;

import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.Optional;

/// A request as it came: when, what, for whom, in which version, from where it was to go on, which is a
/// watermark or a sync state, and to which server it was to be sent.
public record LoggedRequest(
        Instant at,
        String operation,
        Optional<MailboxAddress> mailbox,
        String version,
        Optional<String> from,
        AffinityRoute route) {}
