package dev.tidemark.values;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// Event of a notification (XSD, BaseNotificationEventType). Immutable.
public sealed interface MailboxEvent {
    /// Returns the watermark after this event; absent in streaming notifications.
    Optional<Watermark> watermark();

    /// Heartbeat: no change, but the subscription is alive and the watermark may have moved (docs,
    /// statusevent).
    record StatusEvent(Optional<Watermark> watermark) implements MailboxEvent {}

    /// Change of an item or a folder. `old` and `oldParentFolder` are present for moved and copied objects,
    /// `unreadCount` for modified folders.
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
