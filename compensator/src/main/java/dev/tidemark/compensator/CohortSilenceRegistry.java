package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Mailboxes that are taken for silent because their server is. In memory only: after a restart the silence
/// law finds them. Used by one thread.
final class CohortSilenceRegistry {
    private final Map<MailboxId, Instant> silentSince = new ConcurrentHashMap<>();

    void add(MailboxId mailbox, Instant at) {
        silentSince.put(mailbox, at);
    }

    /// The moment from which the mailbox counts as silent, unless it was heard of or subscribed anew since.
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

    private static boolean isAfter(Optional<Instant> sign, Instant at) {
        return sign.filter(moment -> moment.isAfter(at)).isPresent();
    }
}
