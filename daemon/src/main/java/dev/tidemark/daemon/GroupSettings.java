package dev.tidemark.daemon;

import dev.tidemark.subscriber.Snapshot;
import dev.tidemark.subscriber.Watched;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Mailboxes that are subscribed alike, and the sinks their events go to.
public record GroupSettings(
        String name,
        String connection,
        List<MailboxAddress> mailboxes,
        Watched folders,
        Set<ChangeKind> events,
        Duration statusFrequency,
        Snapshot snapshot,
        boolean protocolExposed,
        boolean detailed,
        List<String> forwardTo) {}
