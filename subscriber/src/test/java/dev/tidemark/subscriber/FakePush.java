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

/// A push subscription of the fake Exchange.
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

    /// The address of a call-back is `http://listener/{mailbox}/{attempt}` here.
    AttemptId attempt() {
        var parts = request.url().getPath().split("/", -1);
        return new AttemptId(new MailboxId(parts[1]), Long.parseLong(parts[2]));
    }

    /// At most `most` places of the history.
    SendNotification next(int most) {
        var previous = FakeFolder.watermark(position);
        var events = new ArrayList<MailboxEvent>();
        for (var left = most; left > 0 && position < folder.end(); left--, position++) {
            folder.pushed(position, request.events()).forEach(events::add);
        }
        if (events.isEmpty()) {
            events.add(new MailboxEvent.StatusEvent(Optional.of(FakeFolder.watermark(position))));
        }
        return new SendNotification(
                List.of(new NotificationMessage.Notification(id, Optional.of(previous), false, events)));
    }
}
