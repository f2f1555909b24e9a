package dev.tidemark.subscriber.resync;

import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.subscriber.connection.ConnectionMembers;
import dev.tidemark.values.MailboxAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// [ConnectionMembers] by the store's registry and the configured groups.
///
/// @param plans plan of a group, by its name
public record RegisteredMembers(MailboxRegistry mailboxes, Function<String, Optional<GroupSubscriptionConfig>> plans)
        implements ConnectionMembers {

    /// Returns the mailboxes that the connection serves; paused ones are not served.
    Stream<Mailbox> of(String connection) {
        return mailboxes.all().stream()
                .filter(mailbox -> !(mailbox.state() instanceof MailboxState.Paused))
                .filter(mailbox -> plans.apply(mailbox.membership().group())
                        .filter(plan -> plan.connection().equals(connection))
                        .isPresent());
    }

    @Override
    public boolean hasOther(String connection, Set<MailboxAddress> these) {
        return of(connection).map(Mailbox::address).anyMatch(address -> !these.contains(address));
    }

    @Override
    public Set<MailboxAddress> failedAlone(String connection) {
        var hasSubscribed = of(connection)
                .anyMatch(mailbox -> mailbox.live().isPresent() && !(mailbox.state() instanceof MailboxState.Failed));
        return hasSubscribed
                ? of(connection)
                        .filter(mailbox -> mailbox.state() instanceof MailboxState.Failed)
                        .map(Mailbox::address)
                        .collect(Collectors.toSet())
                : Set.of();
    }
}
