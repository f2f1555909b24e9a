package dev.tidemark.daemon;

import dev.tidemark.ews.MailboxAddress;
import dev.tidemark.watermark.Mailbox;
import dev.tidemark.watermark.MailboxRegistry;
import dev.tidemark.watermark.Membership;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the store's mailboxes those that the configuration names.
record Roster(MailboxRegistry mailboxes) {
    private static final Logger LOG = LoggerFactory.getLogger(Roster.class);

    void call(List<GroupSettings> groups) {
        var wanted = wanted(groups);
        for (var mailbox : List.copyOf(mailboxes.all())) {
            if (!wanted.containsKey(mailbox.address())) {
                mailboxes.remove(mailbox.id());
                LOG.info("{} is configured no longer, and is removed.", mailbox.address());
            }
        }
        wanted.forEach((address, membership) -> {
            if (mailboxes
                    .find(address)
                    .map(Mailbox::membership)
                    .filter(membership::equals)
                    .isEmpty()) {
                mailboxes.enrol(address, membership);
                LOG.info("{} is enrolled in {}.", address, membership.group());
            }
        });
    }

    private static Map<MailboxAddress, Membership> wanted(List<GroupSettings> groups) {
        var result = new LinkedHashMap<MailboxAddress, Membership>();
        for (var group : groups) {
            var membership = new Membership(group.name(), group.protocolExposed());
            group.mailboxes().forEach(address -> result.put(address, membership));
        }
        return result;
    }
}
