package dev.tidemark.forwarder.target;

/// An event as bytes, and what a target must know of it beside them.
public final class OutboundMessage {
    private final String id;
    private final String key;
    private final byte[] body;
    private final boolean late;

    /// @param id of the event
    /// @param key what must stay together and in order: the CloudEvents `partitionkey`
    /// @param body CloudEvents in structured JSON, not to be changed
    /// @param late whether later events of the same key went ahead
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

    /// CloudEvents in structured JSON; not to be changed.
    public byte[] body() {
        return body;
    }

    public boolean late() {
        return late;
    }
}
