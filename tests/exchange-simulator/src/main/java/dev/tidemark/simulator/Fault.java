package dev.tidemark.simulator;

/// What can be made to go wrong, each by itself.
public enum Fault {
    /// A notification is never sent and yet counted as sent: the next one's PreviousWatermark names it. It is
    /// never a subscription's first: nobody could tell, and a real Exchange repeats what was not answered.
    LOSE_NOTIFICATION,
    /// The answer to a call-back is thrown away, so the same notification is sent again.
    LOSE_REPLY,
    /// A call-back does not reach its listener, as behind a firewall: it is repeated as if nobody had
    /// answered.
    UNREACHABLE,
    /// A subscription ends without a word, with the notification that was to be sent.
    FORGET_SUBSCRIPTION,
    /// An error call-back without a Notification is sent instead of events, and the subscription ends.
    ERROR_CALLBACK,
    /// Subscribe with a watermark is refused with ErrorInvalidWatermark.
    REFUSE_WATERMARK,
    /// SyncFolderItems or SyncFolderHierarchy with a sync state is refused with ErrorInvalidSyncStateData.
    REFUSE_SYNC_STATE,
    /// ErrorServerBusy as a SOAP fault, HTTP status 500.
    BUSY_FAULT,
    /// ErrorServerBusy in a response message, HTTP status 200.
    BUSY_MESSAGE,
    /// HTTP status 503 without a SOAP body.
    UNAVAILABLE,
    /// HTTP status 401 whatever the login, as some say that they are busy.
    UNAUTHORIZED,
    /// The first notification is sent, and answered, before the Subscribe response.
    EARLY_NOTIFICATION,
    /// The subscription is granted and calls back, but its Subscribe response is cut off.
    LOSE_SUBSCRIBE_RESPONSE
}
