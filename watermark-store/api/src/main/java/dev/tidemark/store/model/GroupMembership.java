package dev.tidemark.store.model;

/// Configuration of a mailbox. `protocolExposed` adds subscription id, watermarks and change keys to its events.
public record GroupMembership(String group, boolean protocolExposed, MembershipSource source) {
    public GroupMembership {
        // very many mailboxes share few names
        group = group.intern();
    }

    /// Creates the membership of a mailbox that the configuration names.
    public GroupMembership(String group, boolean protocolExposed) {
        this(group, protocolExposed, MembershipSource.CONFIGURATION);
    }
}
