package dev.tidemark.store.model;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Part of an event that depends on its type, fixed when it was recorded.
public sealed interface EventData {
    /// Mailbox as it was named when the event was recorded.
    ///
    /// @param address empty only in the event that reports that the mailbox was forgotten
    record MailboxRef(MailboxId id, Optional<MailboxAddress> address, String group) {
        public MailboxRef(MailboxId id, MailboxAddress address, String group) {
            this(id, Optional.of(address), group);
        }
    }

    /// Folder, with its name if it was known.
    record FolderInfo(FolderId id, Optional<String> name, Optional<String> wellKnown) {}

    /// Fields that `expose: [protocol]` adds.
    record Protocol(
            Optional<SubscriptionId> subscription, Optional<Watermark> watermark, Optional<Watermark> previous) {}

    /// Change of an item or folder. Change keys are present only with `protocol`.
    record Change(
            MailboxRef mailbox,
            ChangeKind kind,
            ObjectId target,
            Optional<FolderInfo> parentFolder,
            Optional<ObjectId> old,
            Optional<FolderInfo> oldParentFolder,
            OptionalInt unreadCount,
            Optional<Protocol> protocol)
            implements EventData {}

    /// Change of a subscription, a mailbox, a sink or a connection. Values of `fields` are String, Long, Boolean,
    /// or a Map of these; their order is kept.
    record Lifecycle(Optional<MailboxRef> mailbox, Map<String, Object> fields) implements EventData {}
}
