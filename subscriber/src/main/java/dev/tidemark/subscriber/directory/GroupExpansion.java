package dev.tidemark.subscriber.directory;

import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

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
