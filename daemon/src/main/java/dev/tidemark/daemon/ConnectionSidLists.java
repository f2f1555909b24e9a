package dev.tidemark.daemon;

import dev.tidemark.ews.message.ConnectingName.SidLookup;
import dev.tidemark.values.MailboxAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// SIDs of the mailboxes of each connection that impersonates by them. Keeps those of the list before the
/// current one, because a mailbox that leaves the list still has a subscription to end. A reload replaces the
/// lists; clients look up each request. Thread-safe.
final class ConnectionSidLists {
    private final Map<String, SidLists> byConnection = new ConcurrentHashMap<>();

    private record SidLists(Map<MailboxAddress, String> current, Map<MailboxAddress, String> before) {
        SidLists followedBy(SidLists next) {
            return next.current.equals(current) ? this : new SidLists(next.current, current);
        }

        Optional<String> find(MailboxAddress mailbox) {
            return Optional.ofNullable(current.get(mailbox)).or(() -> Optional.ofNullable(before.get(mailbox)));
        }
    }

    /// Uses this list for the requests of a connection that follow.
    void use(String connection, Map<MailboxAddress, String> sids) {
        byConnection.merge(connection, new SidLists(Map.copyOf(sids), Map.of()), SidLists::followedBy);
    }

    /// Returns the lookup of a connection, which follows later lists.
    SidLookup of(String connection) {
        return mailbox -> Optional.ofNullable(byConnection.get(connection)).flatMap(lists -> lists.find(mailbox));
    }
}
