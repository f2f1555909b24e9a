package dev.tidemark.subscriber;

import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.MailboxSummary;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.connection.ConnectionMembers;
import dev.tidemark.values.MailboxAddress;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Derives [ConnectionMembers] from the store's registry and the configured groups. Thread-safe.
///
/// @param groups settings of a group, by its name
record RegisteredMembers(MailboxRegistry mailboxes, GroupLookup groups) implements ConnectionMembers {
    /// Returns the settings of a group, if it is configured.
    @FunctionalInterface
    public interface GroupLookup {
        Optional<GroupSubscriptionConfig> find(String group);
    }

    /// Returns the mailboxes that the connection serves; paused ones are not served.
    Stream<MailboxSummary> of(String connection) {
        return mailboxes
                .summaries()
                .filter(mailbox -> !(mailbox.state() instanceof MailboxState.Paused))
                .filter(mailbox -> groups.find(mailbox.membership().group())
                        .filter(plan -> plan.connection().equals(connection))
                        .isPresent());
    }

    @Override
    public boolean hasOther(String connection, Set<MailboxAddress> these) {
        return of(connection).map(MailboxSummary::address).anyMatch(address -> !these.contains(address));
    }

    @Override
    public Set<MailboxAddress> failedAlone(String connection) {
        var hasSubscribed = of(connection)
                .anyMatch(
                        mailbox -> mailbox.subscribedMillis() > 0 && !(mailbox.state() instanceof MailboxState.Failed));
        return hasSubscribed
                ? of(connection)
                        .filter(mailbox -> mailbox.state() instanceof MailboxState.Failed)
                        .map(MailboxSummary::address)
                        .collect(Collectors.toSet())
                : Set.of();
    }
}
