package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultOccasion;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the notifications of one subscription in order, one in flight at a time. Each names the watermark of
/// the one before. Runs in the executor, never in the caller's thread, and holds no lock while a callback is in
/// flight.
final class PushSender {
    private static final Logger log = LoggerFactory.getLogger(PushSender.class);

    private final PushSubscription subscription;
    private final PushDependencies dependencies;
    private final PushCursor cursor;
    private final CallbackCourier courier;
    private final PushHeartbeat heartbeat;
    private final NotificationGate gate;

    PushSender(PushSubscription subscription, PushDependencies dependencies) {
        this.subscription = subscription;
        this.dependencies = dependencies;
        courier = new CallbackCourier(subscription, dependencies);
        cursor = new PushCursor(subscription, dependencies.timing().batch(), dependencies.now());
        heartbeat = new PushHeartbeat(this, dependencies);
        gate = new NotificationGate(
                dependencies.faults(),
                FaultOccasion.callback(subscription.mailbox().address()));
    }

    PushSubscription subscription() {
        return subscription;
    }

    boolean closed() {
        return cursor.closed();
    }

    /// Ends the subscription without notice.
    void close() {
        cursor.close();
    }

    void start() {
        heartbeat.start();
        wake();
    }

    /// Sends the first notification in the caller's thread, a heartbeat if there are no events. Then continues
    /// in the executor.
    void startEarly() {
        cursor.claimHeartbeat();
        heartbeat.start();
        drain(1);
    }

    /// Starts sending in the executor unless that is running already.
    void wake() {
        if (cursor.claim()) {
            dependencies.executor().execute(() -> drain(Integer.MAX_VALUE));
        }
    }

    /// Ends the subscription with an error callback, which arrives after the end.
    void fail(String code, String text) {
        close();
        var body = NotificationWriter.error(subscription, code, text);
        dependencies.executor().execute(() -> courier.post(body));
    }

    private void drain(int limit) {
        for (var sent = 0; sent < limit; sent++) {
            var next = cursor.next();
            if (next.isEmpty() || !send(next.get(), 0)) {
                return;
            }
        }
        cursor.release();
        wake();
    }

    /// Sends a notification. Returns true if it was sent, or counts as sent, so that the next one may follow at
    /// once.
    private boolean send(PushNotification notification, int retries) {
        if (closed()) {
            return false;
        }
        var decision = gate.decide(notification, cursor.begun(), courier.holds(), retries > 0);
        return switch (decision.treatment()) {
            case SEND -> deliver(notification, retries);
            case LOSE -> skip(notification);
            case HOLD -> {
                courier.hold(notification);
                yield skip(notification);
            }
            case DELAY -> stop(() -> dependencies.after(decision.delay(), () -> deliverLate(notification)));
            case FORGET -> stop(this::close);
            case FAIL -> stop(() -> fail("ErrorReadEventsFailed", "One or more events could not be read."));
        };
    }

    private boolean skip(PushNotification notification) {
        advance(notification);
        return true;
    }

    private static boolean stop(Runnable end) {
        end.run();
        return false;
    }

    private void deliverLate(PushNotification notification) {
        if (!closed() && deliver(notification, 0)) {
            drain(Integer.MAX_VALUE);
        }
    }

    private boolean deliver(PushNotification notification, int retries) {
        var answer = courier.notify(notification);
        courier.sendHeld();
        if (answer.isEmpty()) {
            scheduleRetry(notification, retries + 1);
            return false;
        }
        return switch (answer.get()) {
            case OK -> onAcknowledged(notification);
            case UNSUBSCRIBE -> onUnsubscribed();
        };
    }

    private void scheduleRetry(PushNotification notification, int retry) {
        var wait = dependencies
                .timing()
                .reading()
                .before(retry, subscription.options().statusFrequency());
        if (wait.isEmpty()) {
            log.info(
                    "{} has not answered {} times; its subscription is dropped",
                    subscription.options().url(),
                    retry);
            close();
            return;
        }
        dependencies.after(wait.get(), () -> resend(notification, retry));
    }

    private void resend(PushNotification notification, int retries) {
        if (send(notification, retries)) {
            drain(Integer.MAX_VALUE);
        }
    }

    private boolean onAcknowledged(PushNotification notification) {
        courier.record(notification);
        advance(notification);
        return true;
    }

    private boolean onUnsubscribed() {
        log.debug("{} ended its subscription", subscription.options().url());
        close();
        return false;
    }

    private void advance(PushNotification notification) {
        cursor.advance(notification, dependencies.now());
    }

    Instant lastSent() {
        return cursor.lastSent();
    }

    /// Requests a heartbeat as soon as there are no events to send.
    void heartbeatDue() {
        cursor.heartbeatDue();
        wake();
    }
}
