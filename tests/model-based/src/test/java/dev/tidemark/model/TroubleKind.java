package dev.tidemark.model;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/// Kinds of trouble in a model run. Every kind is counted; a suite without one of them proves too little.
enum TroubleKind {
    CALLBACK_SWALLOWED,
    CALLBACK_REFUSED,
    CALLBACK_ANSWER_LOST,
    CALLBACK_REPEATED,
    CALLBACK_CUT,
    CALLBACK_WHILE_DOWN,
    CALLBACK_BEFORE_SUBSCRIBE_ANSWER,
    SUBSCRIPTION_DROPPED,
    SUBSCRIPTION_FAILED_BY_CALLBACK,
    SERVER_RESTARTED,
    MAILBOX_MOVED,
    SUBSCRIBE_REFUSED,
    WATERMARK_REFUSED,
    WATERMARK_TOO_OLD,
    SYNC_STATE_REFUSED,
    PAGE_TOO_LARGE,
    BUSY,
    TRANSIENT_ERROR,
    REQUEST_LOST,
    ANSWER_LOST,
    ABSURD_WAIT,
    STALE_CONNECTION,
    IMPERSONATION_DENIED,
    MAILBOX_FORBIDDEN,
    PAGE_REPEATED,
    CORRUPT_ITEM,
    ODD_ITEM,
    CONTROL_CHARACTER,
    CLOCK_AHEAD,
    CLOCK_BEHIND,
    CLOCK_SET,
    MAILBOX_PAUSED,
    MAILBOX_REMOVED,
    RESYNC_ASKED_FOR,
    DAEMON_KILLED,
    DAEMON_KILLED_IN_REQUEST,
    POWER_CUT,
    DISK_FAILED,
    STORE_REFUSED,
    DAEMON_STOPPED,
    DAEMON_DOWN_FOR_WEEKS,
    TOLD_AGAIN_AFTER_RETENTION,
    SINK_DOWN,
    SINK_ANSWER_LOST;

    private static final Set<TroubleKind> OF_DISK = EnumSet.of(POWER_CUT, DISK_FAILED, STORE_REFUSED);

    /// True if the histories have faults of the disk, as those of the nightly profile.
    static final boolean DISK_FAULTS = Boolean.getBoolean("tidemark.model.disk-faults");

    /// Returns the kinds that the histories of this run have.
    static TroubleKind[] possible() {
        return Arrays.stream(values())
                .filter(kind -> DISK_FAULTS || !OF_DISK.contains(kind))
                .toArray(TroubleKind[]::new);
    }
}
