package dev.tidemark.store.change;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.ObjectId;
import java.util.Locale;

/// Names of event types, without `dev.tidemark.`.
public final class EventTypes {
    public static final String CREATED = "subscription.created";
    public static final String LOST = "subscription.lost";
    public static final String FAILED = "subscription.failed";
    public static final String GAP = "mailbox.gap.detected";
    public static final String RESYNCED = "mailbox.resync.completed";
    public static final String DEGRADED = "mailbox.push.degraded";
    public static final String RESTORED = "mailbox.push.restored";
    public static final String IMPAIRED = "mailbox.impaired";
    public static final String PAUSED = "mailbox.paused";
    public static final String RESUMED = "mailbox.resumed";
    public static final String REMOVED = "mailbox.removed";
    public static final String FORGOTTEN = "mailbox.forgotten";

    private EventTypes() {}

    public static String ofChange(ChangeKind kind, ObjectId target) {
        return switch (kind) {
            case NEW_MAIL -> "mailbox.message.received";
            case FREE_BUSY_CHANGED -> "mailbox.freebusy.changed";
            case CREATED, DELETED, MODIFIED, MOVED, COPIED ->
                "mailbox." + noun(target) + "." + kind.label().toLowerCase(Locale.ROOT);
        };
    }

    private static String noun(ObjectId target) {
        return switch (target) {
            case ItemId ignored -> "item";
            case FolderId ignored -> "folder";
        };
    }
}
