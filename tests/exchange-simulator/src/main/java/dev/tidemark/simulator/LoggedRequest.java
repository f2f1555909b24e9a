package dev.tidemark.simulator;

import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.Optional;

/// Received request: time, operation, mailbox, version, the watermark or sync state in it, and its routing
/// headers.
public record LoggedRequest(
        Instant at,
        String operation,
        Optional<MailboxAddress> mailbox,
        String version,
        Optional<String> from,
        AffinityRoute route) {}
