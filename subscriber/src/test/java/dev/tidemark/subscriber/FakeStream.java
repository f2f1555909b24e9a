package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EventStream;
import dev.tidemark.ews.message.EventStream.StreamStep;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.GetStreamingEvents;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SubscriptionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Stream of [FakeExchange], through a network that may cut it silently. Thread-safe.
public final class FakeStream implements EventStream {
    /// Streaming subscription: its kinds of change, and its position in the folder.
    static final class Subscription {
        final FakeFolder folder;
        final Set<ChangeKind> kinds;
        int position;

        Subscription(FakeFolder folder, Set<ChangeKind> kinds) {
            this.folder = folder;
            this.kinds = kinds;
            this.position = folder.end();
        }
    }

    public final GetStreamingEvents request;
    private final Map<SubscriptionId, Subscription> subscriptions;
    private final Clock clock;
    private final Instant openedAt;
    private final Duration cutAfter;
    private boolean read;
    private boolean closed;

    FakeStream(
            GetStreamingEvents request,
            Map<SubscriptionId, Subscription> subscriptions,
            Clock clock,
            Duration cutAfter) {
        this.request = request;
        this.subscriptions = subscriptions;
        this.clock = clock;
        this.openedAt = clock.instant();
        this.cutAfter = cutAfter;
    }

    @Override
    public synchronized StreamStep next() {
        read = true;
        try {
            while (true) {
                var step = step();
                if (step.isPresent()) {
                    return step.get();
                }
                wait(2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ended("ConnectionInterrupted");
        }
    }

    private Optional<StreamStep> step() {
        if (closed) {
            return Optional.of(ended("ConnectionClosed"));
        }
        var age = Duration.between(openedAt, clock.instant());
        if (age.compareTo(cutAfter) >= 0) {
            return Optional.empty();
        }
        var lost = request.subscriptions().stream()
                .filter(id -> !subscriptions.containsKey(id))
                .toList();
        if (!lost.isEmpty()) {
            var error = new EwsError.ResubscribeFromWatermark(new ResponseCode("ErrorSubscriptionNotFound"), "gone");
            return Optional.of(new StreamStep.Lost(error, lost));
        }
        var newNotifications = newNotifications();
        if (!newNotifications.isEmpty()) {
            return Optional.of(new StreamStep.Arrived(newNotifications));
        }
        return age.compareTo(request.connectionTimeout()) >= 0
                ? Optional.of(new StreamStep.Ended(Optional.empty()))
                : Optional.empty();
    }

    private List<Notification> newNotifications() {
        var notifications = new ArrayList<Notification>();
        for (var id : request.subscriptions()) {
            var subscription = subscriptions.get(id);
            if (subscription == null) {
                // removed just now; the next step reports it
                continue;
            }
            var events = new ArrayList<MailboxEvent>();
            for (; subscription.position < subscription.folder.end(); subscription.position++) {
                subscription
                        .folder
                        .pushed(subscription.position, subscription.kinds)
                        .forEach(events::add);
            }
            if (!events.isEmpty()) {
                notifications.add(new Notification(id, Optional.empty(), false, events));
            }
        }
        return notifications;
    }

    /// Returns whether the stream has a reader.
    synchronized boolean isOpen() {
        return read && !closed;
    }

    /// Returns whether Tidemark should have closed the stream.
    synchronized boolean isDue() {
        var age = Duration.between(openedAt, clock.instant());
        var cut = age.compareTo(cutAfter) >= 0 && cutAfter.compareTo(request.connectionTimeout()) < 0;
        var late = request.connectionTimeout().plusSeconds(cut ? 60 : 0);
        return !closed && (cut ? age.compareTo(late) > 0 : age.compareTo(late) >= 0);
    }

    private static StreamStep ended(String code) {
        return new StreamStep.Ended(
                Optional.of(new EwsError.RetryAfter(new ResponseCode(code), code, Optional.empty())));
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
