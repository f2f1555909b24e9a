package dev.tidemark.forwarder.targets;

/// Rendered event with the attributes that a target needs. Thread-safe.
public final class OutboundMessage {
    private final String id;
    private final String key;
    private final byte[] body;
    private final boolean late;

    /// @param id id of the event
    /// @param key CloudEvents `partitionkey`; messages of one key stay in order
    /// @param body CloudEvents in structured JSON; must not be modified
    /// @param late true if later events of the same key were sent first
    public OutboundMessage(String id, String key, byte[] body, boolean late) {
        this.id = id;
        this.key = key;
        this.body = body;
        this.late = late;
    }

    public String id() {
        return id;
    }

    public String key() {
        return key;
    }

    /// Returns CloudEvents in structured JSON; must not be modified.
    public byte[] body() {
        return body;
    }

    public boolean late() {
        return late;
    }
}
