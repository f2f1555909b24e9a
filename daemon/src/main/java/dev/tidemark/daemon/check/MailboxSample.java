package dev.tidemark.daemon.check;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscriptionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Mailboxes of one group to check with.
///
/// @param first mailbox whose subscription must call back; empty if the group has none
/// @param others mailboxes that may be served by other servers
public record MailboxSample(Optional<MailboxAddress> first, List<MailboxAddress> others) {
    /// Limit of the other mailboxes, so that a check stays cheap.
    private static final int OTHERS = 8;

    public MailboxSample {
        others = List.copyOf(others);
    }

    /// Returns a sample of configured mailboxes, spread over the list.
    public static MailboxSample of(List<MailboxAddress> mailboxes) {
        var others = new ArrayList<MailboxAddress>();
        var step = Math.max(1, mailboxes.size() / OTHERS);
        for (var i = step; i < mailboxes.size() && others.size() < OTHERS; i += step) {
            others.add(mailboxes.get(i));
        }
        return new MailboxSample(mailboxes.stream().findFirst(), others);
    }

    /// Returns a sample of the enrolled mailboxes of a group: one for each server that their subscriptions name.
    public static MailboxSample ofGroup(String group, Collection<Mailbox> mailboxes) {
        var usable = mailboxes.stream()
                .filter(mailbox -> mailbox.membership().group().equals(group))
                .filter(mailbox -> !(mailbox.state() instanceof MailboxState.Paused))
                .toList();
        var servers = new HashSet<String>();
        var others = new ArrayList<MailboxAddress>();
        for (var mailbox : usable) {
            var isNew = mailbox.subscriptionId()
                    .flatMap(SubscriptionId::host)
                    .filter(servers::add)
                    .isPresent();
            if (isNew && !mailbox.equals(usable.getFirst()) && others.size() < OTHERS) {
                others.add(mailbox.address());
            }
        }
        return new MailboxSample(usable.stream().findFirst().map(Mailbox::address), others);
    }
}
