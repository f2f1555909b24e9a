package dev.tidemark.compensator;

import dev.tidemark.subscriber.Outcome;
import dev.tidemark.watermark.MailboxId;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Remembers the mailboxes that failed because of their connection, so that the first success on it brings all of them
/// back. Not thread-safe; used by the sweep's thread.
final class ConnectionFailures {
    private final Map<String, Set<MailboxId>> failed = new HashMap<>();

    /// Returns the mailboxes that are worth another try after this outcome.
    Collection<MailboxId> after(String connection, MailboxId mailbox, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed(var code, var text, var everybody) -> {
                if (everybody) {
                    failed.computeIfAbsent(connection, name -> new LinkedHashSet<>())
                            .add(mailbox);
                }
                yield List.of();
            }
            case Outcome.Subscribed ignored -> released(connection);
            case Outcome.Resynced ignored -> released(connection);
            case Outcome.RetryAt ignored -> List.of();
            case Outcome.Skipped ignored -> List.of();
        };
    }

    private Collection<MailboxId> released(String connection) {
        var all = failed.remove(connection);
        return all == null ? List.of() : all;
    }
}
