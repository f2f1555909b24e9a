package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultOccasion;
import dev.tidemark.simulator.fault.FaultPlan;
import dev.tidemark.simulator.fault.FaultValues;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.SimulatorLedger;
import dev.tidemark.simulator.schedule.SimulatorScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the notifications of one subscription in order, one in flight at a time. Each names the watermark of
/// the one before. Runs in the executor, never in the caller's thread, and holds no lock while a callback is in
/// flight.
final class PushSender {
    /// Dependencies that all senders share. `speed` divides every interval: at 60 a minute takes a second.
    record Dependencies(
            SimulatorScheduler scheduler,
            Executor executor,
            CallbackTransport transport,
            FaultPlan faults,
            SimulatorLedger ledger,
            CallbackLog callbacks,
            PushTiming timing) {
        RequestFaults markup() {
            return new RequestFaults(faults);
        }
    }

    /// Speed factor, the limit of events in a notification, and the reading of the retry table.
    record PushTiming(double speed, int batch, NotificationRetrySchedule.Reading reading) {
        Duration scaled(Duration interval) {
            return Duration.ofNanos((long) (interval.toNanos() / speed));
        }
    }

    private static final Duration DELAY = Duration.ofSeconds(30);
    private static final Logger log = LoggerFactory.getLogger(PushSender.class);

    private final PushSubscription subscription;
    private final Dependencies dependencies;
    private final PushCursor cursor;
    private final CallbackCourier courier;
    /// notification that is sent after the next one; used by the thread that sends
    private Optional<PushNotification> held = Optional.empty();
    private boolean busy;
    private boolean closed;
    /// true once the receiver has seen the start of this subscription's chain
    private boolean begun;

    PushSender(PushSubscription subscription, Dependencies dependencies) {
        this.subscription = subscription;
        this.dependencies = dependencies;
        courier = new CallbackCourier(subscription, dependencies);
        cursor = new PushCursor(subscription, dependencies.timing().batch(), now());
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
        watchHeartbeat();
        wake();
    }

    /// Sends the first notification in the caller's thread, a heartbeat if there are no events. Then continues
    /// in the executor.
    void startEarly() {
        synchronized (this) {
            cursor.heartbeatDue();
            busy = true;
        }
        watchHeartbeat();
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
        if (!notification.heartbeat() && begun() && held.isEmpty() && strikes(SimulatorFault.REORDER_CALLBACK)) {
            held = Optional.of(notification);
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
        sendHeld();
        if (answer.isEmpty()) {
            scheduleRetry(notification, retries + 1);
            return false;
        }
        return switch (answer.get()) {
            case OK -> onAcknowledged(notification);
            case UNSUBSCRIBE -> onUnsubscribed();
        };
    }

    /// Sends a notification that was held back, after the one that followed it. It is not repeated.
    private void sendHeld() {
        var late = held;
        held = Optional.empty();
        late.filter(each -> courier.notify(each)
                        .filter(CallbackTransport.CallbackAnswer.OK::equals)
                        .isPresent())
                .ifPresent(this::record);
    }

    private boolean delays(PushNotification notification) {
        var scope = dependencies.faults().inject(SimulatorFault.DELAY_CALLBACK, occasion());
        scope.ifPresent(found -> {
            var delay = found.value().map(FaultValues::duration).orElse(DELAY);
            dependencies
                    .scheduler()
                    .at(
                            now().plus(dependencies.timing().scaled(delay)),
                            () -> dependencies.executor().execute(() -> {
                                if (!closed() && deliver(notification, 0)) {
                                    drain(Integer.MAX_VALUE);
                                }
                            }));
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
        var due = now().plus(dependencies.timing().scaled(wait.get()));
        dependencies.scheduler().at(due, () -> dependencies.executor().execute(() -> resend(notification, retry)));
    }

    private void resend(PushNotification notification, int retries) {
        if (send(notification, retries)) {
            drain(Integer.MAX_VALUE);
        }
    }

    private boolean onAcknowledged(PushNotification notification) {
        record(notification);
        advance(notification);
        return true;
    }

    private void record(PushNotification notification) {
        if (!notification.heartbeat()) {
            dependencies
                    .ledger()
                    .acknowledged(new SimulatorLedger.Acknowledged(
                            subscription.mailbox().address(),
                            subscription.id(),
                            notification.previous(),
                            notification.last(),
                            notification.items(),
                            now()));
        }
    }

    private boolean onUnsubscribed() {
        log.debug("{} ended its subscription", subscription.options().url());
        close();
        return false;
    }

    private synchronized void advance(PushNotification notification) {
        begun = true;
        cursor.advance(notification, now());
    }

    /// Returns whether the receiver can notice a lost notification. The first one of a chain continues nothing.
    private synchronized boolean begun() {
        return begun;
    }

    private void watchHeartbeat() {
        dependencies.scheduler().at(heartbeatAt(), this::heartbeat);
    }

    private void heartbeat() {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (!now().isBefore(heartbeatAt())) {
                cursor.heartbeatDue();
            }
        }
        dependencies.scheduler().at(nextLook(), this::heartbeat);
        wake();
    }

    private synchronized Instant heartbeatAt() {
        return cursor.lastSent()
                .plus(dependencies.timing().scaled(subscription.options().statusFrequency()));
    }

    /// Returns the next check time: one interval from now while a heartbeat is in flight.
    private synchronized Instant nextLook() {
        var due = heartbeatAt();
        var frequency = dependencies.timing().scaled(subscription.options().statusFrequency());
        return due.isAfter(now()) ? due : now().plus(frequency);
    }

    private Instant now() {
        return dependencies.scheduler().clock().instant();
    }
}
