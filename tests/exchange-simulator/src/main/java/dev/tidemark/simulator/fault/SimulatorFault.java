package dev.tidemark.simulator.fault;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Failures that can be injected independently. Some take a value, which a [FaultScope] carries.
public enum SimulatorFault {
    /// A notification is never sent but counts as sent: the next one's PreviousWatermark names it. It never
    /// strikes a subscription's first notification. No receiver could notice that, and a real Exchange repeats
    /// unanswered ones.
    LOSE_NOTIFICATION("lose-callback"),
    /// The response to a callback is discarded, so the same notification is sent again.
    LOSE_REPLY,
    /// A callback does not reach its listener, as behind a firewall. It is repeated like one without a response.
    UNREACHABLE,
    /// A subscription ends without notice, together with the notification that was due.
    FORGET_SUBSCRIPTION,
    /// An error callback without a Notification is sent instead of events, and the subscription ends.
    ERROR_CALLBACK,
    /// A notification is sent after the value, 30 s by default. Later ones wait for it.
    DELAY_CALLBACK,
    /// A notification is sent twice in a row.
    DUPLICATE_CALLBACK,
    /// Only the first half of a callback arrives. It is repeated like one without a response.
    TRUNCATE_CALLBACK,
    /// A notification is held back and sent after the next one.
    REORDER_CALLBACK,
    /// The history of a mailbox is forgotten when a Subscribe with a watermark comes, as after 30 days.
    EXPIRE_WATERMARK,
    /// A stream answers OK, but no event ever comes, even if its subscription does not exist.
    DEAD_STREAM,
    /// Subscribe with a watermark is refused with ErrorInvalidWatermark.
    REFUSE_WATERMARK,
    /// SyncFolderItems or SyncFolderHierarchy with a sync state is refused with ErrorInvalidSyncStateData.
    REFUSE_SYNC_STATE,
    /// ErrorServerBusy as a SOAP fault, HTTP status 500. The value is its BackOffMilliseconds.
    BUSY_FAULT,
    /// ErrorServerBusy in a response message, HTTP status 200. The value is its BackOffMilliseconds.
    BUSY_MESSAGE,
    /// ErrorServerBusy inside an ErrorInternalServerError, HTTP status 200. The value is its
    /// BackOffMilliseconds.
    BUSY_INNER,
    /// HTTP status 503 without a SOAP body. The value is its Retry-After.
    UNAVAILABLE("status-503"),
    /// HTTP status 401 for any login; some servers send it when they are busy.
    UNAUTHORIZED("status-401"),
    /// HTTP status 403 with an empty body.
    FORBIDDEN("status-403"),
    /// The account may not impersonate the mailbox: ErrorImpersonateUserDenied.
    DENY_IMPERSONATION,
    /// A proxy's HTML page instead of an envelope. The value is its HTTP status, 200 by default.
    HTML_ERROR,
    /// The first notification is sent, and answered, before the Subscribe response.
    EARLY_NOTIFICATION,
    /// The subscription is granted and calls back, but its Subscribe response is cut off.
    LOSE_SUBSCRIBE_RESPONSE,
    /// Exchange's clock differs from the real one by the value, as `-3h`: its Date headers, TimeStamps and
    /// DateTimeReceived. It lasts until the fault is set again or all faults are cleared.
    CLOCK_OFFSET,
    /// An unreadable entry is added to a SyncFolderItems page, a callback or a stream, or GetItem returns
    /// ErrorItemCorrupt for one item. [CorruptEntry] has the values.
    CORRUPT_ITEM,
    /// Characters that XML 1.0 forbids stand in a text of a response or a callback. The value is inserted as it
    /// is, a reference or the character itself; `&#x1F;` by default.
    CONTROL_CHARACTERS,
    /// A page of SyncFolderItems, SyncFolderHierarchy or FindFolder reports that more follows, but points back to
    /// its own start. With the value `circle`, two sync states alternate.
    REPEAT_PAGE,
    /// A connection is closed after it has been idle for the value, 150 ms by default.
    CLOSE_IDLE,
    /// A kept connection is closed when its next request comes, which is not processed.
    CLOSE_ON_USE,
    /// A response is compressed with gzip, even if the client did not ask for it.
    COMPRESS_RESPONSE,
    /// A response comes after the value, 2 s by default.
    SLOW_RESPONSE,
    /// Half of a response comes, and then the connection is closed.
    HALF_RESPONSE;

    private final String wireName;

    SimulatorFault() {
        wireName = plainName();
    }

    SimulatorFault(String wireName) {
        this.wireName = wireName;
    }

    /// Returns the name on control paths.
    public String wireName() {
        return wireName;
    }

    /// Returns the fault of a name on control paths; accepts the names of the constants, too.
    public static Optional<SimulatorFault> named(String name) {
        return Arrays.stream(values())
                .filter(fault ->
                        fault.wireName.equals(name) || fault.plainName().equals(name))
                .findFirst();
    }

    private String plainName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
