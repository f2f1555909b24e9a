package dev.tidemark.values;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// One event of a notification (XSD, BaseNotificationEventType).
public sealed interface MailboxEvent {
    /// The watermark after this event; absent in streaming notifications.
    Optional<Watermark> watermark();

    /// A heartbeat: nothing happened, but the subscription lives and the watermark may have moved (docs,
    /// statusevent).
    record StatusEvent(Optional<Watermark> watermark) implements MailboxEvent {}

    /// Something happened to an item or a folder. `old` and `oldParentFolder` are there for moved and copied
    /// objects, `unreadCount` for modified folders.
    record ChangeEvent(
            ChangeKind kind,
            Optional<Watermark> watermark,
            Optional<Instant> timeStamp,
            ObjectId target,
            Optional<FolderId> parentFolder,
            Optional<ObjectId> old,
            Optional<FolderId> oldParentFolder,
            OptionalInt unreadCount)
            implements MailboxEvent {}
}
