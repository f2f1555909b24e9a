package dev.tidemark.store.model;

/// What configuration says of a mailbox. `protocolExposed` freezes subscription id, watermarks and change
/// keys into its events.
public record GroupMembership(String group, boolean protocolExposed) {
    public GroupMembership {
        // few names for very many mailboxes
        group = group.intern();
    }
}
