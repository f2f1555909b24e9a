package dev.tidemark.compensator;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Remembers the mailboxes that failed because of their connection. The first success on the connection
/// releases all of them, with those that failed before the connection was known to be at fault. If it never
/// was, the success shows that they fail alone. A mailbox that fails again after its release waits for its own
/// recheck. Not thread-safe; used by the sweep thread.
final class ConnectionFailures {
    private final Map<String, Set<MailboxId>> failed = new HashMap<>();
    private final Set<String> atFault = new HashSet<>();
    /// released by a success of a neighbor, with no result yet
    private final Set<MailboxId> released = new HashSet<>();

    /// Notes that a repair of the mailbox starts. Its outcome replaces the earlier failure.
    void onStarted(String connection, MailboxId mailbox) {
        var all = failed.get(connection);
        if (all != null) {
            all.remove(mailbox);
        }
    }

    /// Returns the mailboxes that are due again after this outcome.
    Collection<MailboxId> onOutcome(String connection, MailboxId mailbox, SubscriptionOutcome outcome) {
        return switch (outcome) {
            case SubscriptionOutcome.Failed failure -> {
                onFailure(connection, mailbox, failure.scope());
                yield List.of();
            }
            case SubscriptionOutcome.Subscribed ignored -> onSuccess(connection, mailbox);
            case SubscriptionOutcome.Resynced ignored -> onSuccess(connection, mailbox);
            case SubscriptionOutcome.RetryAt ignored -> List.of();
            case SubscriptionOutcome.Skipped ignored -> List.of();
        };
    }

    private void onFailure(String connection, MailboxId mailbox, SubscriptionOutcome.FailureScope scope) {
        var wasReleased = released.remove(mailbox);
        switch (scope) {
            case MAILBOX, MAILBOX_ACCESS -> {
                // a success of a neighbor changes nothing
            }
            case UNDECIDED, CONNECTION -> {
                if (scope == SubscriptionOutcome.FailureScope.CONNECTION) {
                    atFault.add(connection);
                }
                if (!wasReleased) {
                    failed.computeIfAbsent(connection, name -> new LinkedHashSet<>())
                            .add(mailbox);
                }
            }
        }
    }

    private Collection<MailboxId> onSuccess(String connection, MailboxId mailbox) {
        released.remove(mailbox);
        var all = failed.remove(connection);
        if (!atFault.remove(connection) || all == null) {
            return List.of();
        }
        released.addAll(all);
        return all;
    }
}
