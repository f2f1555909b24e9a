package dev.tidemark.subscriber.connection;

/// Priorities of requests on one connection, most urgent first. Metrics and API use the names in lower case.
public enum RequestPriority {
    /// subscribe a mailbox, which otherwise receives no events
    SUBSCRIBE,
    /// recover missed events
    COMPENSATION,
    /// fetch item details that an event waits for
    DETAIL,
    /// poll a mailbox whose subscription does not call back
    POLL,
    /// announce items from before the mailbox was added
    SNAPSHOT
}
