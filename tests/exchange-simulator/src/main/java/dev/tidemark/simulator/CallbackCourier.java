package dev.tidemark.simulator;

import dev.tidemark.simulator.callback.CallbackTransport;
import dev.tidemark.simulator.fault.FaultOccasion;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.mailbox.SimulatorLedger;
import java.time.Duration;
import java.util.Optional;

/// Makes single attempts to call the listener of one subscription back, with the faults of transport, and logs
/// them. Not thread-safe, except for [#post]; used by the sender's thread.
final class CallbackCourier {
    private final PushSubscription subscription;
    private final PushDependencies dependencies;
    private final FaultOccasion occasion;
    /// notification that is sent after the next one; used by the thread that sends
    private Optional<PushNotification> held = Optional.empty();

    CallbackCourier(PushSubscription subscription, PushDependencies dependencies) {
        this.subscription = subscription;
        this.dependencies = dependencies;
        occasion = FaultOccasion.callback(subscription.mailbox().address());
    }

    /// Sends a notification. Returns empty if it counts as unanswered.
    Optional<CallbackTransport.CallbackAnswer> notify(PushNotification notification) {
        var body = dependencies.markup().markup(notification.body(), occasion);
        var answer = post(body);
        if (strikes(SimulatorFault.DUPLICATE_CALLBACK)) {
            post(body);
        }
        return answer.isPresent() && strikes(SimulatorFault.LOSE_REPLY) ? Optional.empty() : answer;
    }

    /// Keeps a notification back until the next one was sent.
    void hold(PushNotification notification) {
        held = Optional.of(notification);
    }

    boolean holds() {
        return held.isPresent();
    }

    /// Sends the notification that was kept back. It is not repeated.
    void sendHeld() {
        var late = held;
        held = Optional.empty();
        late.filter(each -> notify(each)
                        .filter(CallbackTransport.CallbackAnswer.OK::equals)
                        .isPresent())
                .ifPresent(this::record);
    }

    /// Enters an acknowledged notification in the ledger, unless it is a heartbeat.
    void record(PushNotification notification) {
        if (!notification.heartbeat()) {
            dependencies
                    .ledger()
                    .acknowledged(new SimulatorLedger.Acknowledged(
                            subscription.mailbox().address(),
                            subscription.id(),
                            notification.previous(),
                            notification.last(),
                            notification.items(),
                            dependencies.now()));
        }
    }

    /// Sends a document. Returns empty if there is no answer that Exchange understands.
    Optional<CallbackTransport.CallbackAnswer> post(String body) {
        var clock = dependencies.scheduler().clock();
        var at = clock.instant();
        var start = System.nanoTime();
        var outcome = attempt(body);
        dependencies.callbacks().add(subscription, at, body, outcome, Duration.ofNanos(System.nanoTime() - start));
        return outcome.status();
    }

    private CallbackTransport.CallbackOutcome attempt(String body) {
        var url = subscription.options().url();
        if (strikes(SimulatorFault.UNREACHABLE)) {
            return CallbackTransport.CallbackOutcome.NONE;
        }
        return strikes(SimulatorFault.TRUNCATE_CALLBACK)
                ? dependencies.transport().postHalf(subscription.server(), url, body)
                : dependencies.transport().post(subscription.server(), url, body);
    }

    private boolean strikes(SimulatorFault fault) {
        return dependencies.faults().strikes(fault, occasion);
    }
}
