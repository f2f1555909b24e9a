package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SubscriptionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Push subscription of [FakeExchange].
final class FakePush {
    private final SubscriptionId id;
    private final FakeFolder folder;
    private final EwsRequest.SubscribePush request;
    private int position;

    FakePush(SubscriptionId id, FakeFolder folder, EwsRequest.SubscribePush request, int position) {
        this.id = id;
        this.folder = folder;
        this.request = request;
        this.position = position;
    }

    /// Returns the attempt in the callback URL `http://listener/{mailbox}/{attempt}`.
    AttemptId attempt() {
        var parts = request.url().getPath().split("/", -1);
        return new AttemptId(new MailboxId(parts[1]), Long.parseLong(parts[2]));
    }

    /// Returns the next notification, with at most `limit` entries of the history.
    SendNotification next(int limit) {
        var previous = FakeFolder.watermark(position);
        var events = new ArrayList<MailboxEvent>();
        for (var left = limit; left > 0 && position < folder.end(); left--, position++) {
            folder.pushed(position, request.events()).forEach(events::add);
        }
        if (events.isEmpty()) {
            events.add(new MailboxEvent.StatusEvent(Optional.of(FakeFolder.watermark(position))));
        }
        return new SendNotification(
                List.of(new NotificationMessage.Notification(id, Optional.of(previous), false, events)));
    }
}
