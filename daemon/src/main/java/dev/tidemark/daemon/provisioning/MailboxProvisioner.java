package dev.tidemark.daemon.provisioning;

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
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/// Adds mailboxes to groups and removes them, beside those that the configuration names. The store keeps them across
/// restarts. Requests that arrive while another one is written share the next write, so that thousands take few of
/// them. Called by the threads of the admin API. Thread-safe.
public final class MailboxProvisioner {
    /// Limit of changes in one unit of work, because callbacks wait for it.
    private static final int MAX_BATCH = 500;

    private final MailboxRegistry mailboxes;
    private final Function<String, Optional<GroupConfigSection>> groups;
    private final Predicate<String> impersonatesBySid;
    private final Consumer<MailboxId> changed;
    private final Queue<ProvisioningRequest> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock writing;

    /// @param writing held for each write; shared with all other writers of the list of mailboxes
    /// @param groups returns the settings of a configured group
    /// @param impersonatesBySid returns true for a connection that impersonates by SID
    /// @param changed receives each added and removed mailbox
    public MailboxProvisioner(
            MailboxRegistry mailboxes,
            ReentrantLock writing,
            Function<String, Optional<GroupConfigSection>> groups,
            Predicate<String> impersonatesBySid,
            Consumer<MailboxId> changed) {
        this.mailboxes = mailboxes;
        this.writing = writing;
        this.groups = groups;
        this.impersonatesBySid = impersonatesBySid;
        this.changed = changed;
    }

    /// Adds the mailbox to the group. Durable on return.
    ///
    /// @throws dev.tidemark.store.StoreException if the store cannot write
    public ProvisioningResult add(String group, MailboxAddress address) {
        return submit(new ProvisioningRequest(group, address, true));
    }

    /// Removes a mailbox that was added by [#add]. Durable on return.
    ///
    /// @throws dev.tidemark.store.StoreException if the store cannot write
    public ProvisioningResult remove(String group, MailboxAddress address) {
        return submit(new ProvisioningRequest(group, address, false));
    }

    private ProvisioningResult submit(ProvisioningRequest request) {
        waiting.add(request);
        writing.lock();
        try {
            while (!request.isDone()) {
                runBatch();
            }
        } finally {
            writing.unlock();
        }
        return request.result();
    }

    private void runBatch() {
        var batch = new LinkedHashMap<MailboxAddress, ProvisioningRequest>();
        for (var next = waiting.peek();
                next != null && batch.size() < MAX_BATCH && !batch.containsKey(next.address());
                next = waiting.peek()) {
            batch.put(next.address(), next);
            waiting.remove();
        }
        try {
            write(List.copyOf(batch.values()));
        } catch (RuntimeException | Error failed) {
            batch.values().forEach(request -> request.fail(failed));
        }
    }

    private void write(List<ProvisioningRequest> batch) {
        var added = new LinkedHashMap<MailboxAddress, GroupMembership>();
        var removed = new LinkedHashMap<MailboxId, ProvisioningRequest>();
        var rest = new ArrayList<ProvisioningRequest>();
        for (var request : batch) {
            var known = mailboxes.find(request.address());
            var group = groups.apply(request.group());
            var answer = answer(request, group, known);
            if (answer.isPresent()) {
                request.complete(answer.get());
            } else if (request.isAdding()) {
                added.put(request.address(), membership(group.orElseThrow()));
                rest.add(request);
            } else {
                removed.put(known.orElseThrow().id(), request);
            }
        }
        commit(added, removed);
        rest.forEach(this::complete);
    }

    private void commit(Map<MailboxAddress, GroupMembership> added, Map<MailboxId, ProvisioningRequest> removed) {
        if (!added.isEmpty()) {
            mailboxes.enrolAll(added);
        }
        if (!removed.isEmpty()) {
            mailboxes.removeAll(removed.keySet());
        }
        removed.forEach((id, request) -> {
            changed.accept(id);
            request.complete(new ProvisioningResult.Removed());
        });
    }

    private void complete(ProvisioningRequest request) {
        var mailbox = mailboxes.find(request.address()).orElseThrow();
        changed.accept(mailbox.id());
        request.complete(new ProvisioningResult.Added(mailbox));
    }

    private static GroupMembership membership(GroupConfigSection group) {
        return new GroupMembership(group.name(), group.protocolExposed(), MembershipSource.API);
    }

    /// Returns the result of a request that changes nothing; empty for a change.
    private Optional<ProvisioningResult> answer(
            ProvisioningRequest request, Optional<GroupConfigSection> group, Optional<Mailbox> known) {
        if (!request.isAdding()) {
            return answerOfKnown(request, known);
        }
        return group.isEmpty()
                ? Optional.of(unknownGroup(request))
                : answerOfKnown(request, known).or(() -> obstacle(request, group.get()));
    }

    private static Optional<ProvisioningResult> answerOfKnown(ProvisioningRequest request, Optional<Mailbox> known) {
        if (known.isEmpty()) {
            return request.isAdding()
                    ? Optional.empty()
                    : Optional.of(new ProvisioningResult.Unknown(
                            "no mailbox " + request.address() + " is in group '" + request.group() + "'"));
        }
        var membership = known.get().membership();
        if (!membership.group().equals(request.group())) {
            return Optional.of(new ProvisioningResult.Conflict(
                    request.address() + " is in group '" + membership.group() + "'; a mailbox belongs to one group"));
        }
        return switch (membership.source()) {
            case API ->
                request.isAdding() ? Optional.of(new ProvisioningResult.Unchanged(known.get())) : Optional.empty();
            case CONFIGURATION ->
                Optional.of(new ProvisioningResult.Conflict(
                        "the configuration names " + request.address() + "; change it there"));
            case DISTRIBUTION_GROUP ->
                Optional.of(new ProvisioningResult.Conflict(request.address()
                        + " is a member of a distribution group that the configuration names; change it there"));
        };
    }

    /// Returns the reason to refuse an addition through the API, if any.
    private Optional<ProvisioningResult> obstacle(ProvisioningRequest request, GroupConfigSection group) {
        return Optional.of(group.connection())
                .filter(impersonatesBySid)
                .map(connection -> new ProvisioningResult.Conflict("connection '" + connection
                        + "' impersonates by sid, so each mailbox of group '" + request.group()
                        + "' needs its SID; add it to the group's mailboxes-file"));
    }

    private static ProvisioningResult unknownGroup(ProvisioningRequest request) {
        return new ProvisioningResult.Unknown("no group is called '" + request.group() + "' in the configuration");
    }

    /// Result of adding a mailbox to a group, or of removing it.
    public sealed interface ProvisioningResult {
        /// The mailbox is new in the group.
        record Added(Mailbox mailbox) implements ProvisioningResult {}

        /// The mailbox was in the group already, added by the same way.
        record Unchanged(Mailbox mailbox) implements ProvisioningResult {}

        record Removed() implements ProvisioningResult {}

        /// There is no such group, or no such mailbox in it.
        record Unknown(String reason) implements ProvisioningResult {}

        /// Another group or the configuration holds the mailbox.
        record Conflict(String reason) implements ProvisioningResult {}
    }
}
