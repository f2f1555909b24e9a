package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultOccasion;
import dev.tidemark.simulator.fault.SimulatorFault;
import java.time.Duration;
import java.util.Optional;

/// Makes single attempts to call the listener of one subscription back, with the faults of transport, and logs
/// them. Thread-safe.
final class CallbackCourier {
    private final PushSubscription subscription;
    private final PushSender.Dependencies dependencies;
    private final FaultOccasion occasion;

    CallbackCourier(PushSubscription subscription, PushSender.Dependencies dependencies) {
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
