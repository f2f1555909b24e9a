package dev.tidemark.daemon;

import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.daemon.config.GroupConfigSection.DistributionGroupSource;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.directory.FormerAddressResolver;
import dev.tidemark.subscriber.directory.GroupExpander;
import dev.tidemark.subscriber.directory.GroupExpander.GroupExpansion;
import dev.tidemark.values.MailboxAddress;
import java.util.Optional;

/// Expands distribution groups in the name of a subscribed mailbox of the connection, or of its account until there is
/// one. Thread-safe.
record ExchangeDirectory(MailboxSubscriber subscriber, MailboxRegistry mailboxes)
        implements DistributionGroupRefresher.DirectoryLookup {
    @Override
    public GroupExpansion expand(GroupConfigSection group, DistributionGroupSource source) throws InterruptedException {
        var exchange = subscriber.exchange(group.connection());
        return exchange.isEmpty()
                ? new GroupExpansion.Failed("there is no connection '" + group.connection() + "' now", Optional.empty())
                : new GroupExpander(exchange.get(), sender(group.connection())).expand(source.address());
    }

    @Override
    public Optional<MailboxAddress> currentAddress(GroupConfigSection group, MailboxAddress former)
            throws InterruptedException {
        var exchange = subscriber.exchange(group.connection());
        return exchange.isEmpty()
                ? Optional.empty()
                : new FormerAddressResolver(exchange.get(), sender(group.connection())).currentAddress(former);
    }

    private Optional<MailboxAddress> sender(String connection) {
        return mailboxes.all().stream()
                .filter(mailbox -> mailbox.live().isPresent() && isOf(mailbox, connection))
                .map(Mailbox::address)
                .findFirst();
    }

    private boolean isOf(Mailbox mailbox, String connection) {
        return subscriber
                .plan(mailbox.membership().group())
                .map(GroupSubscriptionConfig::connection)
                .filter(connection::equals)
                .isPresent();
    }
}
