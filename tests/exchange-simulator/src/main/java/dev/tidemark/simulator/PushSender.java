package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultOccasion;
import dev.tidemark.simulator.fault.FaultValues;
import dev.tidemark.simulator.fault.SimulatorFault;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the notifications of one subscription in order, one in flight at a time. Each names the watermark of
/// the one before. Runs in the executor, never in the caller's thread, and holds no lock while a callback is in
/// flight.
final class PushSender {
    private static final Duration DELAY = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(PushSender.class);

    private final PushSubscription subscription;
    private final PushDependencies dependencies;
    private final PushCursor cursor;
    private final CallbackCourier courier;
    private final PushHeartbeat heartbeat;
    private boolean busy;
    private boolean closed;
    /// true once the receiver has seen the start of this subscription's chain
    private boolean begun;

    PushSender(PushSubscription subscription, PushDependencies dependencies) {
        this.subscription = subscription;
        this.dependencies = dependencies;
        courier = new CallbackCourier(subscription, dependencies);
        cursor = new PushCursor(subscription, dependencies.timing().batch(), dependencies.now());
        heartbeat = new PushHeartbeat(this, dependencies);
    }

    PushSubscription subscription() {
        return subscription;
    }

    synchronized boolean closed() {
        return closed;
    }

    /// Ends the subscription without notice.
    synchronized void close() {
        closed = true;
    }

    void start() {
        heartbeat.start();
        wake();
    }

    /// Sends the first notification in the caller's thread, a heartbeat if there are no events. Then continues
    /// in the executor.
    void startEarly() {
        synchronized (this) {
            cursor.heartbeatDue();
            busy = true;
        }
        heartbeat.start();
        drain(1);
    }

    /// Starts sending in the executor unless that is running already.
    void wake() {
        synchronized (this) {
            if (busy || closed) {
                return;
            }
            busy = true;
        }
        dependencies.executor().execute(() -> drain(Integer.MAX_VALUE));
    }

    /// Ends the subscription with an error callback, which arrives after the end.
    void fail(String code, String text) {
        close();
        var body = NotificationWriter.error(subscription, code, text);
        dependencies.executor().execute(() -> courier.post(body));
    }

    private void drain(int limit) {
        for (var sent = 0; sent < limit; sent++) {
            var next = next();
            if (next.isEmpty() || !send(next.get(), 0)) {
                return;
            }
        }
        synchronized (this) {
            busy = false;
        }
        wake();
    }

    /// Returns the next notification, or stops. Both happen under one lock, so that a change between them is
    /// not delayed.
    private synchronized Optional<PushNotification> next() {
        if (closed) {
            return Optional.empty();
        }
        var next = cursor.next();
        closed = cursor.isOver();
        busy = next.isPresent();
        return next;
    }

    /// Sends a notification. Returns true if it was sent, or counts as sent, so that the next one may follow at
    /// once.
    private boolean send(PushNotification notification, int retries) {
        if (closed() || ends(notification)) {
            return false;
        }
        if (!notification.heartbeat() && begun() && strikes(SimulatorFault.LOSE_NOTIFICATION)) {
            advance(notification);
            return true;
        }
        if (!notification.heartbeat() && begun() && !courier.holds() && strikes(SimulatorFault.REORDER_CALLBACK)) {
            courier.hold(notification);
            advance(notification);
            return true;
        }
        if (retries == 0 && delays(notification)) {
            return false;
        }
        return deliver(notification, retries);
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

    private boolean delays(PushNotification notification) {
        var scope = dependencies.faults().inject(SimulatorFault.DELAY_CALLBACK, occasion());
        scope.ifPresent(found -> {
            var delay = found.value().map(FaultValues::duration).orElse(DELAY);
            dependencies.after(delay, () -> {
                if (!closed() && deliver(notification, 0)) {
                    drain(Integer.MAX_VALUE);
                }
            });
        });
        return scope.isPresent();
    }

    private boolean ends(PushNotification notification) {
        if (!notification.heartbeat() && strikes(SimulatorFault.FORGET_SUBSCRIPTION)) {
            close();
            return true;
        }
        if (!notification.heartbeat() && strikes(SimulatorFault.ERROR_CALLBACK)) {
            fail("ErrorReadEventsFailed", "One or more events could not be read.");
            return true;
        }
        return false;
    }

    private boolean strikes(SimulatorFault fault) {
        return dependencies.faults().strikes(fault, occasion());
    }

    private FaultOccasion occasion() {
        return FaultOccasion.callback(subscription.mailbox().address());
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

    private synchronized void advance(PushNotification notification) {
        begun = true;
        cursor.advance(notification, dependencies.now());
    }

    /// Returns whether the receiver can notice a lost notification. The first one of a chain continues nothing.
    private synchronized boolean begun() {
        return begun;
    }

    synchronized Instant lastSent() {
        return cursor.lastSent();
    }

    /// Requests a heartbeat as soon as there are no events to send.
    void heartbeatDue() {
        synchronized (this) {
            cursor.heartbeatDue();
        }
        wake();
    }
}
