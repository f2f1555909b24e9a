package dev.tidemark.daemon;

import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.values.MailboxAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes and enrolls mailboxes in the store until they match the configuration. Runs once per start.
record MailboxReconciler(MailboxRegistry mailboxes) {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxReconciler.class);
    private static final int BATCH_SIZE = 1000;
    /// Limit of the mailboxes that the log names.
    private static final int LINES = 10;

    void reconcile(List<GroupConfigSection> groups) {
        var configured = memberships(groups);
        var removed = new ArrayList<MailboxAddress>();
        for (var mailbox : List.copyOf(mailboxes.all())) {
            if (!configured.containsKey(mailbox.address())) {
                mailboxes.remove(mailbox.id());
                removed.add(mailbox.address());
            }
        }
        log("Removed", removed, "; the configuration no longer names ", "it", "them");
        configured
                .entrySet()
                .removeIf(entry -> mailboxes
                        .find(entry.getKey())
                        .map(Mailbox::membership)
                        .filter(entry.getValue()::equals)
                        .isPresent());
        enrollAll(List.copyOf(configured.entrySet()));
        configured.entrySet().stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.getValue().group(),
                        LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getKey, Collectors.toList())))
                .forEach((group, addresses) -> log("Enrolled", addresses, " in ", group, group));
    }

    /// Logs one line for each mailbox, or one for all if there are many.
    private static void log(String verb, List<MailboxAddress> addresses, String joint, String one, String many) {
        if (addresses.size() > LINES) {
            LOG.info("{} {} mailboxes{}{}", verb, addresses.size(), joint, many);
        }
        for (var address : addresses) {
            if (addresses.size() <= LINES) {
                LOG.info("{} {}{}{}", verb, address, joint, one);
            } else {
                LOG.debug("{} {}{}{}", verb, address, joint, one);
            }
        }
    }

    /// Enrolls in batches, because one force per mailbox would take minutes for very many mailboxes.
    private void enrollAll(List<Map.Entry<MailboxAddress, GroupMembership>> missing) {
        for (var first = 0; first < missing.size(); first += BATCH_SIZE) {
            var batch = new LinkedHashMap<MailboxAddress, GroupMembership>();
            missing.subList(first, Math.min(first + BATCH_SIZE, missing.size()))
                    .forEach(entry -> batch.put(entry.getKey(), entry.getValue()));
            mailboxes.enrolAll(batch);
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
