package dev.tidemark.subscriber.connection;

/// Who goes first when a connection's budget is short, in this order.
public enum RequestPriority {
    /// A mailbox without a subscription hears nothing.
    SUBSCRIBE,
    /// What a mailbox missed is looked for.
    COMPENSATION,
    /// An event waits for what it is to tell.
    DETAIL,
    /// A mailbox whose subscription does not call back is asked.
    POLL,
    /// What was there before Tidemark.
    SNAPSHOT
}
