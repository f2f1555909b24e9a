package dev.tidemark.subscriber.connection;

import dev.tidemark.values.MailboxAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Connection with these mailboxes, or with more than a test lists; some failed before the start.
record ConnectionNeighbors(Set<MailboxAddress> all, Set<MailboxAddress> failed) implements ConnectionMembers {
    private static final MailboxAddress ANOTHER = new MailboxAddress("another@example.com");

    ConnectionNeighbors() {
        this(Set.of(ANOTHER), Set.of());
    }

    static ConnectionNeighbors only(MailboxAddress... mailboxes) {
        return new ConnectionNeighbors(Set.of(mailboxes), Set.of());
    }

    @Override
    public boolean hasOther(String connection, Set<MailboxAddress> these) {
        var others = new HashSet<>(all);
        others.removeAll(List.copyOf(these));
        return !others.isEmpty();
    }

    @Override
    public Set<MailboxAddress> failedAlone(String connection) {
        return failed;
    }
}
