package dev.tidemark.forwarder.config;

/// Order that a sink guarantees.
public enum DeliveryOrdering {
    /// Events of a mailbox arrive in order of their sequence.
    MAILBOX,
    /// No order; every event is sent as soon as possible.
    NONE
}
