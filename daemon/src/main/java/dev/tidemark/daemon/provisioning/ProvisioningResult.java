package dev.tidemark.daemon.provisioning;

import dev.tidemark.store.model.Mailbox;

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
