package dev.tidemark.daemon.reload;

import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.values.MailboxAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes and enrolls mailboxes in the store until they match the configuration. Runs at the start and at each
/// reload.
public record MailboxReconciler(MailboxRegistry mailboxes) {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxReconciler.class);
    private static final int BATCH_SIZE = 1000;

    /// Returns the numbers of added and removed mailboxes by group.
    public MailboxChanges reconcile(List<GroupConfigSection> groups) {
        var configured = memberships(groups);
        var removed = new HashMap<String, Integer>();
        for (var mailbox : List.copyOf(mailboxes.all())) {
            if (!configured.containsKey(mailbox.address())) {
                mailboxes.remove(mailbox.id());
                removed.merge(mailbox.membership().group(), 1, Integer::sum);
                LOG.info("Removed {}; the configuration no longer names it", mailbox.address());
            }
        }
        configured
                .entrySet()
                .removeIf(entry -> mailboxes
                        .find(entry.getKey())
                        .map(Mailbox::membership)
                        .filter(entry.getValue()::equals)
                        .isPresent());
        var added = new HashMap<String, Integer>();
        configured.forEach((address, membership) -> {
            var group = mailboxes.find(address).map(known -> known.membership().group());
            if (!group.equals(java.util.Optional.of(membership.group()))) {
                added.merge(membership.group(), 1, Integer::sum);
                group.ifPresent(old -> removed.merge(old, 1, Integer::sum));
            }
        });
        enrollAll(List.copyOf(configured.entrySet()));
        return new MailboxChanges(added, removed);
    }

    /// Enrolls in batches, because one force per mailbox would take minutes for very many mailboxes.
    private void enrollAll(List<Map.Entry<MailboxAddress, GroupMembership>> missing) {
        for (var first = 0; first < missing.size(); first += BATCH_SIZE) {
            var batch = new LinkedHashMap<MailboxAddress, GroupMembership>();
            missing.subList(first, Math.min(first + BATCH_SIZE, missing.size()))
                    .forEach(entry -> batch.put(entry.getKey(), entry.getValue()));
            mailboxes.enrolAll(batch);
            batch.forEach((address, membership) -> LOG.info("Enrolled {} in {}", address, membership.group()));
        }
    }

    private static Map<MailboxAddress, GroupMembership> memberships(List<GroupConfigSection> groups) {
        var result = new LinkedHashMap<MailboxAddress, GroupMembership>();
        for (var group : groups) {
            var membership = new GroupMembership(group.name(), group.protocolExposed());
            group.mailboxes().forEach(address -> result.put(address, membership));
        }
        return result;
    }
}
