package dev.tidemark.daemon;

import dev.tidemark.daemon.config.GroupConfigSection;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MembershipSource;
import dev.tidemark.values.MailboxAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Enrolls the members of distribution groups and removes those that have left. Leaves mailboxes alone that the
/// configuration or an operator holds. Used by the thread of [DistributionGroupRefresher]. Requests to Exchange take
/// time, so each write looks again at what the configuration and operators have changed meanwhile.
///
/// @param writing held for each write; shared with all other writers of the list of mailboxes
/// @param isCurrent returns true while the group expands the same distribution groups
/// @param changed receives each added and removed mailbox
record MemberReconciler(
        MailboxRegistry mailboxes,
        ReentrantLock writing,
        Predicate<GroupConfigSection> isCurrent,
        Consumer<MailboxId> changed) {
    private static final Logger LOG = LoggerFactory.getLogger(MemberReconciler.class);
    private static final int BATCH_SIZE = 500;
    private static final int MAX_LOST = 10;
    /// Limit of requests about former addresses in one refresh.
    private static final int MAX_RENAMES = 50;

    /// Finds the current address of a mailbox that is no member anymore.
    @FunctionalInterface
    interface RenameLookup {
        Optional<MailboxAddress> currentAddress(MailboxAddress former) throws InterruptedException;
    }

    void reconcile(
            GroupConfigSection group, Set<MailboxAddress> members, int requests, boolean force, RenameLookup renames)
            throws InterruptedException {
        var added = new ArrayList<MailboxAddress>();
        var elsewhere = 0;
        for (var address : members) {
            var known = mailboxes.find(address);
            if (known.isEmpty()) {
                added.add(address);
            } else if (!known.get().membership().group().equals(group.name())) {
                elsewhere++;
            }
        }
        var current = mailboxes.all().stream()
                .filter(mailbox -> isMember(mailbox, group))
                .toList();
        var lost = new ArrayList<>(current.stream()
                .filter(mailbox -> !members.contains(mailbox.address()))
                .toList());
        rename(group, lost, added, renames);
        var enrolled = enroll(group, added);
        var removed = !force && isSuspicious(current.size(), lost.size())
                ? refuse(group, current, lost)
                : remove(group, lost);
        if (enrolled > 0 || removed > 0) {
            LOG.info(
                    "Group {} has {} members of distribution groups: {} added, {} removed, {} in other groups, {} requests",
                    group.name(),
                    members.size(),
                    enrolled,
                    removed,
                    elsewhere,
                    requests);
        }
    }

    /// Keeps the identity of members with a new address. Removes them from both lists.
    private void rename(GroupConfigSection group, List<Mailbox> lost, List<MailboxAddress> added, RenameLookup renames)
            throws InterruptedException {
        var candidates = lost.stream().limit(added.isEmpty() ? 0 : MAX_RENAMES).toList();
        for (var mailbox : candidates) {
            var now = renames.currentAddress(mailbox.address()).filter(added::contains);
            if (now.isPresent() && renameMember(group, mailbox.id(), now.get())) {
                added.remove(now.get());
                lost.remove(mailbox);
            }
        }
    }

    private boolean renameMember(GroupConfigSection group, MailboxId id, MailboxAddress address) {
        writing.lock();
        try {
            return isStillMember(id, group) && mailboxes.find(address).isEmpty() && mailboxes.rename(id, address);
        } finally {
            writing.unlock();
        }
    }

    private boolean isStillMember(MailboxId id, GroupConfigSection group) {
        return isCurrent.test(group)
                && mailboxes.find(id).filter(now -> isMember(now, group)).isPresent();
    }

    private static boolean isMember(Mailbox mailbox, GroupConfigSection group) {
        return mailbox.membership().source() == MembershipSource.DISTRIBUTION_GROUP
                && mailbox.membership().group().equals(group.name());
    }

    /// Applies the same limits as to a list of mailboxes.
    private static boolean isSuspicious(int before, int lost) {
        return lost > 0 && (lost == before || (lost > MAX_LOST && lost * 10L > before));
    }

    private static int refuse(GroupConfigSection group, List<Mailbox> current, List<Mailbox> lost) {
        LOG.warn(
                "The distribution groups of group {} lost {} of {} members, which stay enrolled; if that is intended,"
                        + " run 'tidemark reload --force'",
                group.name(),
                lost.size(),
                current.size());
        return 0;
    }

    private int enroll(GroupConfigSection group, List<MailboxAddress> added) {
        var enrolled = 0;
        for (var first = 0; first < added.size(); first += BATCH_SIZE) {
            var batch = enrollMissing(group, added.subList(first, Math.min(first + BATCH_SIZE, added.size())));
            batch.forEach(address -> mailboxes.find(address).ifPresent(each -> changed.accept(each.id())));
            enrolled += batch.size();
        }
        return enrolled;
    }

    private Set<MailboxAddress> enrollMissing(GroupConfigSection group, List<MailboxAddress> added) {
        var membership =
                new GroupMembership(group.name(), group.protocolExposed(), MembershipSource.DISTRIBUTION_GROUP);
        var missing = new LinkedHashMap<MailboxAddress, GroupMembership>();
        writing.lock();
        try {
            added.stream()
                    .filter(address ->
                            isCurrent.test(group) && mailboxes.find(address).isEmpty())
                    .forEach(address -> missing.put(address, membership));
            mailboxes.enrolAll(missing);
        } finally {
            writing.unlock();
        }
        return missing.keySet();
    }

    private int remove(GroupConfigSection group, List<Mailbox> lost) {
        var removed = 0;
        for (var first = 0; first < lost.size(); first += BATCH_SIZE) {
            var batch = removeMembers(group, lost.subList(first, Math.min(first + BATCH_SIZE, lost.size())));
            batch.forEach(changed);
            removed += batch.size();
        }
        return removed;
    }

    private List<MailboxId> removeMembers(GroupConfigSection group, List<Mailbox> lost) {
        writing.lock();
        try {
            var batch = lost.stream()
                    .map(Mailbox::id)
                    .filter(id -> isStillMember(id, group))
                    .toList();
            mailboxes.removeAll(batch);
            return batch;
        } finally {
            writing.unlock();
        }
    }
}
