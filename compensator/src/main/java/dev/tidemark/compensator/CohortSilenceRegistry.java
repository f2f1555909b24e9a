package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Mailboxes that count as silent because their server is silent. Held in memory only: after a restart,
/// [SilencePolicy] finds them. [CohortMonitor] adds them; [CompensationPlanner] reads them. Thread-safe.
final class CohortSilenceRegistry {
    private final Map<MailboxId, Instant> silentSince = new ConcurrentHashMap<>();

    void add(MailboxId mailbox, Instant at) {
        silentSince.put(mailbox, at);
    }

    /// Returns the time from which the mailbox counts as silent. Empty if it called back or was resubscribed
    /// since.
    Optional<Instant> silentAt(Mailbox mailbox) {
        var at = silentSince.get(mailbox.id());
        if (at == null) {
            return Optional.empty();
        }
        if (isAfter(mailbox.lastHeardAt(), at) || isAfter(mailbox.subscribedAt(), at)) {
            silentSince.remove(mailbox.id());
            return Optional.empty();
        }
        return Optional.of(at);
    }

    private static boolean isAfter(Optional<Instant> timestamp, Instant at) {
        return timestamp.filter(instant -> instant.isAfter(at)).isPresent();
    }
}
