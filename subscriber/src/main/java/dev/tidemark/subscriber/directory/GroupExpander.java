package dev.tidemark.subscriber.directory;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.NameResolutions;
import dev.tidemark.ews.message.NameResolutions.Candidate;
import dev.tidemark.subscriber.connection.ExchangeGateway;
import dev.tidemark.subscriber.connection.ExchangeGateway.SendResult;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Expands a distribution group with its nested groups, each of them once, so that a group may contain itself. Fails as
/// a whole if one of them cannot be expanded: an incomplete result would look like removed members. Not thread-safe.
///
/// @param sender mailbox in whose name the directory is read; empty for the account of the connection
public record GroupExpander(ExchangeGateway exchange, Optional<MailboxAddress> sender) {
    private static final Set<String> MAILBOX_TYPES = Set.of("Mailbox", "OneOff");
    private static final Set<String> GROUP_TYPES = Set.of("PublicDL", "GroupMailbox");
    private static final int MAX_GROUPS = 500;
    private static final int MAX_MEMBERS = 100_000;

    /// Blocks until Exchange has responded to all requests.
    public GroupExpansion expand(MailboxAddress group) throws InterruptedException {
        var members = new HashSet<MailboxAddress>();
        var seen = new HashSet<MailboxAddress>();
        Deque<MailboxAddress> groups = new ArrayDeque<>();
        seen.add(group);
        groups.add(group);
        var requests = 0;
        while (!groups.isEmpty()) {
            var next = groups.remove();
            var failure = add(next, send(next), members, seen, groups);
            requests++;
            if (failure.isPresent()) {
                return failure.get();
            }
            if (seen.size() > MAX_GROUPS || members.size() > MAX_MEMBERS) {
                return new GroupExpansion.Failed(
                        group + " has more than " + MAX_GROUPS + " nested groups or " + MAX_MEMBERS
                                + " members; name smaller groups",
                        Optional.empty());
            }
        }
        return new GroupExpansion.Expanded(members, requests);
    }

    private SendResult<NameResolutions> send(MailboxAddress group) throws InterruptedException {
        var call = new EwsCall.ExpandGroup(group);
        return sender.isPresent()
                ? exchange.send(RequestPriority.POLL, sender.get(), call)
                : exchange.sendAsAccount(RequestPriority.POLL, group, call);
    }

    /// Adds the members of one group; returns the reason if they are not known.
    private static Optional<GroupExpansion> add(
            MailboxAddress group,
            SendResult<NameResolutions> sent,
            Set<MailboxAddress> members,
            Set<MailboxAddress> seen,
            Deque<MailboxAddress> groups) {
        return switch (sent) {
            case SendResult.Answered<NameResolutions>(EwsResult.Success<NameResolutions>(NameResolutions found)) -> {
                for (var candidate : found.candidates()) {
                    add(candidate, members, seen, groups);
                }
                yield found.complete()
                        ? Optional.empty()
                        : failed("Exchange returned only a part of the members of " + group);
            }
            case SendResult.Answered<NameResolutions>(EwsResult.Refused<NameResolutions> refused) ->
                failed("Exchange refused to expand " + group + ": "
                        + refused.error().code() + " " + refused.error().text());
            case SendResult.BackedOff<NameResolutions> backedOff ->
                Optional.of(new GroupExpansion.Failed(backedOff.reason(), Optional.of(backedOff.until())));
            case SendResult.Stopping<NameResolutions> ignored -> failed("Tidemark is stopping");
        };
    }

    private static Optional<GroupExpansion> failed(String reason) {
        return Optional.of(new GroupExpansion.Failed(reason, Optional.empty()));
    }

    /// Ignores contacts, public folders and entries without an SMTP address.
    private static void add(
            Candidate candidate, Set<MailboxAddress> members, Set<MailboxAddress> seen, Deque<MailboxAddress> groups) {
        var address = smtp(candidate);
        var type = candidate.mailboxType().orElse("Mailbox");
        if (address.isPresent() && GROUP_TYPES.contains(type) && seen.add(address.get())) {
            groups.add(address.get());
        } else if (address.isPresent() && MAILBOX_TYPES.contains(type)) {
            members.add(address.get());
        }
    }

    private static Optional<MailboxAddress> smtp(Candidate candidate) {
        if (candidate
                .routingType()
                .filter(type -> !type.equalsIgnoreCase("SMTP"))
                .isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new MailboxAddress(candidate.address()));
        } catch (InvalidValueException noAddress) {
            return Optional.empty();
        }
    }

    /// Result of the expansion of a distribution group.
    public sealed interface GroupExpansion {
        /// All mailboxes of the group and its nested groups.
        ///
        /// @param requests requests that were sent
        record Expanded(Set<MailboxAddress> members, int requests) implements GroupExpansion {
            public Expanded {
                members = Set.copyOf(members);
            }
        }

        /// The members are not known now.
        ///
        /// @param retryAt earliest time of the next try, if Exchange requested one
        record Failed(String reason, Optional<Instant> retryAt) implements GroupExpansion {}
    }
}
