package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultOccasion;
import dev.tidemark.simulator.fault.FaultPlan;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.SimulatorLedger;
import dev.tidemark.simulator.schedule.SimulatorScheduler;
import dev.tidemark.ews.message.SubscriptionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sender of one subscription: strictly in order, one call-back in flight, each naming the watermark of
/// the one before. Work runs in the executor, never in the caller's thread; the lane's lock is not held while
/// a call-back is under way.
final class PushSender {
    /// What all lanes share. `speed` divides every interval: 60 makes a minute a second.
    record Dependencies(
            SimulatorScheduler timetable,
            Executor executor,
            CallbackTransport transport,
            FaultPlan faults,
            SimulatorLedger ledger,
            PushTiming tempo) {
        RequestFaults markup() {
            return new RequestFaults(faults);
        }
    }

    /// How fast, and how many events at most in a notification.
    record PushTiming(double speed, int batch) {
        Duration scaled(Duration interval) {
            return Duration.ofNanos((long) (interval.toNanos() / speed));
        }
    }

    private static final Logger log = LoggerFactory.getLogger(PushSender.class);

    private final PushSubscription subscription;
    private final Dependencies surroundings;
    private final PushCursor cursor;
    private boolean busy;
    private boolean closed;
    /// whether the other side has seen where this subscription's chain begins
    private boolean begun;

    PushSender(PushSubscription subscription, Dependencies surroundings) {
        this.subscription = subscription;
        this.surroundings = surroundings;
        cursor = new PushCursor(subscription, surroundings.tempo().batch(), now());
    }

    PushSubscription subscription() {
        return subscription;
    }

    synchronized boolean closed() {
        return closed;
    }

    /// Ends the subscription without a word.
    synchronized void close() {
        closed = true;
    }

    void start() {
        watchHeartbeat();
        poke();
    }

    /// Sends something in the caller's thread before anything else happens, a heartbeat if there is nothing
    /// to tell, and then goes on as usual.
    void startEarly() {
        synchronized (this) {
            cursor.heartbeatDue();
            busy = true;
        }
        watchHeartbeat();
        drain(1);
    }

    /// Looks for something to send, unless that is being done already.
    void poke() {
        synchronized (this) {
            if (busy || closed) {
                return;
            }
            busy = true;
        }
        surroundings.executor().execute(() -> drain(Integer.MAX_VALUE));
    }

    /// Ends the subscription with an error call-back, which comes when the subscription is gone already.
    void fail(String code, String text) {
        close();
        var body = NotificationWriter.error(subscription, code, text);
        surroundings.executor().execute(() -> post(body));
    }

    private void drain(int most) {
        for (var sent = 0; sent < most; sent++) {
            var next = next();
            if (next.isEmpty() || !send(next.get(), 0)) {
                return;
            }
        }
        synchronized (this) {
            busy = false;
        }
        poke();
    }

    /// The next thing to send. Giving up the turn and finding nothing are one step, or a change that comes
    /// between them would wait for the next one.
    private synchronized Optional<PushNotification> next() {
        if (closed) {
            return Optional.empty();
        }
        var next = cursor.next();
        busy = next.isPresent();
        return next;
    }

    /// True when it was sent, or counts as sent, and the next one may follow at once.
    private boolean send(PushNotification notification, int retries) {
        if (closed() || ends(notification)) {
            return false;
        }
        if (!notification.heartbeat() && begun() && strikes(SimulatorFault.LOSE_NOTIFICATION)) {
            advance(notification);
            return true;
        }
        var answer = post(surroundings.markup().markup(notification.body(), occasion()));
        if (answer.isPresent() && strikes(SimulatorFault.LOSE_REPLY)) {
            answer = Optional.empty();
        }
        if (answer.isEmpty()) {
            retry(notification, retries + 1);
            return false;
        }
        return switch (answer.get()) {
            case OK -> acknowledged(notification);
            case UNSUBSCRIBE -> unsubscribed();
        };
    }

    private Optional<SubscriptionStatus> post(String body) {
        return strikes(SimulatorFault.UNREACHABLE)
                ? Optional.empty()
                : surroundings
                        .transport()
                        .post(subscription.server(), subscription.wish().url(), body);
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
        return surroundings.faults().strikes(fault, occasion());
    }

    private FaultOccasion occasion() {
        return FaultOccasion.callback(subscription.mailbox().address());
    }

    private void retry(PushNotification notification, int retry) {
        var wait = NotificationRetrySchedule.before(retry, subscription.wish().statusFrequency());
        if (wait.isEmpty()) {
            log.info(
                    "{} has not answered {} times; its subscription is dropped",
                    subscription.wish().url(),
                    retry);
            close();
            return;
        }
        var due = now().plus(surroundings.tempo().scaled(wait.get()));
        surroundings.timetable().at(due, () -> surroundings.executor().execute(() -> again(notification, retry)));
    }

    private void again(PushNotification notification, int retries) {
        if (send(notification, retries)) {
            drain(Integer.MAX_VALUE);
        }
    }

    private boolean acknowledged(PushNotification notification) {
        if (!notification.heartbeat()) {
            surroundings
                    .ledger()
                    .acknowledged(new SimulatorLedger.Acknowledged(
                            subscription.mailbox().address(),
                            subscription.id(),
                            notification.previous(),
                            notification.last(),
                            notification.items(),
                            now()));
        }
        advance(notification);
        return true;
    }

    private boolean unsubscribed() {
        log.debug("{} ended its subscription", subscription.wish().url());
        close();
        return false;
    }

    private synchronized void advance(PushNotification notification) {
        begun = true;
        cursor.advance(notification, now());
    }

    /// Only a notification that follows another can be missed: nothing tells what the first one should have
    /// continued.
    private synchronized boolean begun() {
        return begun;
    }

    private void watchHeartbeat() {
        surroundings.timetable().at(heartbeatAt(), this::heartbeat);
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
        surroundings.timetable().at(nextLook(), this::heartbeat);
        poke();
    }

    private synchronized Instant heartbeatAt() {
        return cursor.lastSent()
                .plus(surroundings.tempo().scaled(subscription.wish().statusFrequency()));
    }

    /// While a heartbeat is on its way, the next look is a whole interval from now.
    private synchronized Instant nextLook() {
        var due = heartbeatAt();
        var frequency = surroundings.tempo().scaled(subscription.wish().statusFrequency());
        return due.isAfter(now()) ? due : now().plus(frequency);
    }

    private Instant now() {
        return surroundings.timetable().clock().instant();
    }
}
