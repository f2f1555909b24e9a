package dev.tidemark.store.rules;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.ObjectId;
import java.util.Locale;

/// Names of event types, without `dev.tidemark.`.
final class EventTypes {
    static final String CREATED = "subscription.created";
    static final String LOST = "subscription.lost";
    static final String FAILED = "subscription.failed";
    static final String GAP = "mailbox.gap.detected";
    static final String RESYNCED = "mailbox.resync.completed";
    static final String DEGRADED = "mailbox.push.degraded";
    static final String RESTORED = "mailbox.push.restored";
    static final String IMPAIRED = "mailbox.impaired";
    static final String PAUSED = "mailbox.paused";
    static final String RESUMED = "mailbox.resumed";
    static final String REMOVED = "mailbox.removed";
    static final String FORGOTTEN = "mailbox.forgotten";

    private EventTypes() {}

    static String ofChange(ChangeKind kind, ObjectId target) {
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
