package dev.tidemark.contract;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.MailboxEvent.ChangeEvent;
import dev.tidemark.values.MailboxEvent.StatusEvent;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.NotificationMessage.Failure;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Builds notifications as Exchange sends them, in short form. Used by the suites and by tests of stores.
/// Thread-safe.
public final class ExchangeNotifications {
    private static final FolderId INBOX = FolderId.of("inbox-folder");

    private ExchangeNotifications() {}

    public static Watermark mark(String value) {
        return new Watermark(value);
    }

    public static SubscriptionId subscription(String value) {
        return new SubscriptionId(value);
    }

    /// Returns a new mail, with the watermark after it.
    public static ChangeEvent mail(String item, String watermark, Instant time) {
        return change(ChangeKind.NEW_MAIL, item, watermark, time);
    }

    public static ChangeEvent change(ChangeKind kind, String item, String watermark, Instant time) {
        return new ChangeEvent(
                kind,
                Optional.of(mark(watermark)),
                Optional.of(time),
                ItemId.of(item),
                Optional.of(INBOX),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());
    }

    public static StatusEvent status(String watermark) {
        return new StatusEvent(Optional.of(mark(watermark)));
    }

    public static Notification notification(String subscription, String previous, MailboxEvent... events) {
        return new Notification(subscription(subscription), Optional.of(mark(previous)), false, Arrays.asList(events));
    }

    public static Failure failure(String code) {
        return new Failure(Optional.empty(), new ResponseCode(code), "It says why.");
    }

    public static SendNotification body(NotificationMessage... messages) {
        return new SendNotification(List.of(messages));
    }
}
