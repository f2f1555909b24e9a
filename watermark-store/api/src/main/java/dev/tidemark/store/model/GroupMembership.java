package dev.tidemark.store.model;

/// Configuration of a mailbox. `protocolExposed` adds subscription id, watermarks and change keys to its events.
public record GroupMembership(String group, boolean protocolExposed) {
    public GroupMembership {
        // very many mailboxes share few names
        group = group.intern();
    }
}
