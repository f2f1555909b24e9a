package dev.tidemark.forwarder.config;

/// What a sink keeps in order.
public enum DeliveryOrdering {
    /// The events of each mailbox, by their sequence.
    MAILBOX,
    /// Nothing: every event goes as soon as it can.
    NONE
}
