package dev.tidemark.forwarder;

/// What a sink keeps in order.
public enum Ordering {
    /// The events of each mailbox, by their sequence.
    MAILBOX,
    /// Nothing: every event goes as soon as it can.
    NONE
}
