package dev.tidemark.store.rules;

import dev.tidemark.store.change.EventDraft;
import dev.tidemark.store.change.EventIdFactory;
import dev.tidemark.store.change.EventTypes;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.EventData.FolderInfo;
import dev.tidemark.store.model.EventData.Protocol;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.MailboxEvent.ChangeEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.ObjectId;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// Creates events from notifications and sync results. Omits fields that the configuration does not expose,
/// permanently.
final class EventDraftFactory {
    private EventDraftFactory() {}

    /// Returns the events of a notification, without its heartbeats.
    static List<EventDraft> ofNotification(
            MailboxRecord record, Notification notification, Instant receivedAt, EventOrigin origin) {
        var drafts = new ArrayList<EventDraft>();
        var previous = notification.previousWatermark();
        for (MailboxEvent event : notification.events()) {
            if (event instanceof ChangeEvent change) {
                var protocol = protocol(record, notification.subscriptionId(), change.watermark(), previous);
                drafts.add(ofChange(record, change, protocol, receivedAt, origin));
            }
            previous = event.watermark().or(keep(previous));
        }
        return drafts;
    }

    /// Returns the changes in a notification, in its order.
    static List<ChangeEvent> changes(Notification notification) {
        return notification.events().stream()
                .filter(ChangeEvent.class::isInstance)
                .map(ChangeEvent.class::cast)
                .toList();
    }

    private static Supplier<Optional<Watermark>> keep(Optional<Watermark> previous) {
        return () -> previous;
    }

    private static Optional<Protocol> protocol(
            MailboxRecord record,
            SubscriptionId subscription,
            Optional<Watermark> watermark,
            Optional<Watermark> previous) {
        return record.membership.protocolExposed()
                ? Optional.of(new Protocol(Optional.of(subscription), watermark, previous))
                : Optional.empty();
    }

    private static EventDraft ofChange(
            MailboxRecord record,
            ChangeEvent event,
            Optional<Protocol> protocol,
            Instant receivedAt,
            EventOrigin origin) {
        var time = event.timeStamp().orElse(receivedAt);
        var data = new Change(
                record.ref(),
                event.kind(),
                exposed(event.target(), record),
                event.parentFolder().map(folder -> folder(folder, record)),
                event.old().map(old -> exposed(old, record)),
                event.oldParentFolder().map(folder -> folder(folder, record)),
                event.unreadCount(),
                protocol);
        return new EventDraft(
                EventIdFactory.ofChange(record.id, event.kind(), event.target(), event.watermark(), time),
                EventTypes.ofChange(event.kind(), event.target()),
                time,
                Optional.of(origin),
                data);
    }

    /// Returns an event for a change found by a sync or poll.
    static EventDraft ofFound(MailboxRecord record, RecoveredPage.RecoveredChange found, EventOrigin origin) {
        var data = new Change(
                record.ref(),
                found.kind(),
                exposed(found.target(), record),
                found.parentFolder().map(folder -> folder(folder, record)),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty());
        return new EventDraft(
                EventIdFactory.ofChange(record.id, found.kind(), found.target(), Optional.empty(), found.time()),
                EventTypes.ofChange(found.kind(), found.target()),
                found.time(),
                Optional.of(origin),
                data);
    }

    private static ObjectId exposed(ObjectId object, MailboxRecord record) {
        if (record.membership.protocolExposed()) {
            return object;
        }
        return switch (object) {
            case ItemId item -> ItemId.of(item.id());
            case FolderId folder -> FolderId.of(folder.id());
        };
    }

    private static FolderInfo folder(FolderId folder, MailboxRecord record) {
        var id = record.membership.protocolExposed() ? folder : FolderId.of(folder.id());
        return new FolderInfo(id, Optional.empty(), Optional.empty());
    }
}
