package dev.tidemark.daemon;

import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.daemon.reload.MailboxChanges;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.values.MailboxAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes and enrolls mailboxes in the store until they match the configuration. Keeps mailboxes from other sources,
/// unless the configuration names them too. Runs at the start and at each reload.
///
/// @param writing held while the list of mailboxes is read and written; shared with all other writers of the list
record MailboxReconciler(MailboxRegistry mailboxes, ReentrantLock writing) {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxReconciler.class);
    private static final int BATCH_SIZE = 1000;

    /// Returns the numbers of added and removed mailboxes by group.
    public MailboxChanges reconcile(List<GroupConfigSection> groups) {
        writing.lock();
        try {
            return reconcileLocked(groups);
        } finally {
            writing.unlock();
        }
    }

    private MailboxChanges reconcileLocked(List<GroupConfigSection> groups) {
        var wanted = new LinkedHashMap<MailboxAddress, GroupMembership>();
        var removed = new ArrayList<Mailbox>();
        var byName = groups.stream().collect(Collectors.toMap(GroupConfigSection::name, Function.identity()));
        for (var mailbox : mailboxes.all()) {
            if (isNamed(mailbox, byName)) {
                removed.add(mailbox);
            } else {
                keep(mailbox, byName).ifPresent(membership -> wanted.put(mailbox.address(), membership));
            }
        }
        wanted.putAll(memberships(groups));
        removed.removeIf(mailbox -> wanted.containsKey(mailbox.address()));
        var changes = changes(wanted, removed);
        removeAll(removed);
        enrollAll(wanted);
        return changes;
    }

    /// Returns true if the configuration has to name the mailbox, or its distribution group.
    private static boolean isNamed(Mailbox mailbox, Map<String, GroupConfigSection> groups) {
        return switch (mailbox.membership().source()) {
            case CONFIGURATION -> true;
            case API -> false;
            case DISTRIBUTION_GROUP ->
                Optional.ofNullable(groups.get(mailbox.membership().group()))
                        .filter(group -> !group.mailboxesFrom().isEmpty())
                        .isEmpty();
        };
    }

    /// Returns the membership of a mailbox from another source, with the current settings of its group.
    private static Optional<GroupMembership> keep(Mailbox mailbox, Map<String, GroupConfigSection> groups) {
        var membership = mailbox.membership();
        var group = groups.get(membership.group());
        if (group == null) {
            LOG.warn(
                    "{} is in group {}, which is not configured, so nothing is subscribed for it; add the group, or run"
                            + " 'tidemark groups remove {} {}'",
                    mailbox.address(),
                    membership.group(),
                    membership.group(),
                    mailbox.address());
            return Optional.empty();
        }
        return Optional.of(new GroupMembership(group.name(), group.protocolExposed(), membership.source()));
    }

    private MailboxChanges changes(Map<MailboxAddress, GroupMembership> wanted, List<Mailbox> gone) {
        var added = new HashMap<String, Integer>();
        var removed = new HashMap<String, Integer>();
        gone.forEach(mailbox -> removed.merge(mailbox.membership().group(), 1, Integer::sum));
        wanted.forEach((address, membership) -> {
            var before = mailboxes.find(address).map(known -> known.membership().group());
            if (before.filter(membership.group()::equals).isEmpty()) {
                added.merge(membership.group(), 1, Integer::sum);
                before.ifPresent(group -> removed.merge(group, 1, Integer::sum));
            }
        });
        return new MailboxChanges(added, removed);
    }

    private void removeAll(List<Mailbox> removed) {
        inBatches(
                removed,
                batch -> mailboxes.removeAll(batch.stream().map(Mailbox::id).toList()));
        MailboxChangeLog.removed(removed.stream().map(Mailbox::address).toList());
    }

    private void enrollAll(Map<MailboxAddress, GroupMembership> wanted) {
        var missing = wanted.entrySet().stream()
                .filter(entry -> mailboxes
                        .find(entry.getKey())
                        .map(Mailbox::membership)
                        .filter(entry.getValue()::equals)
                        .isEmpty())
                .toList();
        inBatches(missing, batch -> {
            var memberships = new LinkedHashMap<MailboxAddress, GroupMembership>();
            batch.forEach(entry -> memberships.put(entry.getKey(), entry.getValue()));
            mailboxes.enrolAll(memberships);
        });
        missing.stream()
                .collect(Collectors.groupingBy(
                        entry -> entry.getValue().group(),
                        LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getKey, Collectors.toList())))
                .forEach(MailboxChangeLog::enrolled);
    }

    /// Works in batches, because one force per mailbox would take minutes for very many mailboxes.
    private static <T> void inBatches(List<T> all, Consumer<List<T>> work) {
        for (var first = 0; first < all.size(); first += BATCH_SIZE) {
            work.accept(all.subList(first, Math.min(first + BATCH_SIZE, all.size())));
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
