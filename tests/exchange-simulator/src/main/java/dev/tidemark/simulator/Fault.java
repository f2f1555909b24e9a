package dev.tidemark.simulator;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Failures that can be injected, each by itself. Some take a value, which a [FaultScope] carries.
public enum Fault {
    /// A notification is never sent and yet counted as sent: the next one's PreviousWatermark names it. It is
    /// never a subscription's first: no receiver could notice, and a real Exchange repeats what was not
    /// answered.
    LOSE_NOTIFICATION("lose-callback"),
    /// The answer to a callback is thrown away, so the same notification is sent again.
    LOSE_REPLY,
    /// A callback does not reach its listener, as behind a firewall: it is repeated like one without answer.
    UNREACHABLE,
    /// A subscription ends without a word, with the notification that was due.
    FORGET_SUBSCRIPTION,
    /// An error callback without a Notification is sent instead of events, and the subscription ends.
    ERROR_CALLBACK,
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
    /// HTTP status 401 whatever the login; some servers answer so when they are busy.
    UNAUTHORIZED("status-401"),
    /// HTTP status 403 with an empty body.
    FORBIDDEN("status-403"),
    /// The account may not impersonate the mailbox: ErrorImpersonateUserDenied.
    DENY_IMPERSONATION,
    /// A proxy's page of HTML instead of an envelope. The value is its HTTP status, 200 unless given.
    HTML_ERROR,
    /// The first notification is sent, and answered, before the Subscribe response.
    EARLY_NOTIFICATION,
    /// The subscription is granted and calls back, but its Subscribe response is cut off.
    LOSE_SUBSCRIBE_RESPONSE,
    /// Exchange's clock differs from the real one by the value, as `-3h`: its Date headers, TimeStamps and
    /// DateTimeReceived. It stays so until it is set again or the faults are cleared.
    CLOCK_OFFSET,
    /// An entry that cannot be read stands among the others of a SyncFolderItems page, a callback or a stream,
    /// or one item of GetItem is answered ErrorItemCorrupt. [CorruptEntry] has the values.
    CORRUPT_ITEM,
    /// Characters that XML 1.0 forbids stand in a text of an answer or a callback. The value is what is
    /// inserted, a reference or the character itself; `&#x1F;` unless given.
    CONTROL_CHARACTERS,
    /// A page of SyncFolderItems, SyncFolderHierarchy or FindFolder says that more follows, and where to
    /// continue is where it was asked to start. With the value `circle` two sync states take turns.
    REPEAT_PAGE,
    /// A connection is closed when it has been idle for the value, 150 ms unless given.
    CLOSE_IDLE,
    /// A kept connection is closed when its next request comes, which is not looked at.
    CLOSE_ON_USE,
    /// An answer is compressed with gzip, whatever was asked.
    COMPRESS_RESPONSE,
    /// An answer comes after the value, 2 s unless given.
    SLOW_RESPONSE,
    /// Half of an answer comes, and then the connection is closed.
    HALF_RESPONSE;

    private final String wireName;

    Fault() {
        wireName = plainName();
    }

    Fault(String wireName) {
        this.wireName = wireName;
    }

    /// The name on control paths.
    public String wireName() {
        return wireName;
    }

    /// The fault of a name on control paths; the names of the constants are good as well.
    public static Optional<Fault> named(String name) {
        return Arrays.stream(values())
                .filter(fault ->
                        fault.wireName.equals(name) || fault.plainName().equals(name))
                .findFirst();
    }

    private String plainName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
