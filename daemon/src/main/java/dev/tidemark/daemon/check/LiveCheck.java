package dev.tidemark.daemon.check;

import dev.tidemark.daemon.check.CheckStep.CheckStage;
import dev.tidemark.forwarder.operator.SinkTestResult;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.store.model.SinkName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// Checks the connections, the callbacks and the sinks. Subscriptions of a check belong to no mailbox of the store,
/// so they leave the mailboxes' own subscriptions alone. Each run blocks its thread; runs are independent of each
/// other.
///
/// @param samples returns the mailboxes of a group to check with
/// @param listener receives the callbacks; without it, no mailbox is subscribed
/// @param sinks sends a signed test event to a sink; empty if no sink has the name any more
/// @param clock system's clock
public record LiveCheck(
        CheckPlan plan,
        Function<String, MailboxSample> samples,
        Optional<CallbackListener> listener,
        Function<SinkName, Optional<SinkTestResult>> sinks,
        Clock clock) {
    /// Limit of the wait for a callback: a status frequency of one minute and a tolerance.
    public static final Duration CALLBACK_WAIT = Duration.ofSeconds(90);

    /// Runs all steps.
    ///
    /// @param wait limit of the wait for callbacks
    /// @param progress receives each step at once
    /// @return all steps in their order
    public List<CheckStep> run(Duration wait, Consumer<CheckStep> progress) throws InterruptedException {
        var steps = new StepCollector(progress);
        if (listener.isEmpty()) {
            subscribe(Optional.empty(), steps);
            testSinks(steps);
            return steps.steps();
        }
        try (var probes = new OpenedProbes(listener.get())) {
            var callbacks = new CallbackCheck(listener.get(), steps, wait, clock);
            var pending = subscribe(Optional.of(probes), steps);
            testSinks(steps);
            callbacks.await(pending);
        }
        return steps.steps();
    }

    private List<PendingCallback> subscribe(Optional<OpenedProbes> probes, StepCollector steps) {
        var pending = new ArrayList<PendingCallback>();
        for (var connection : plan.connections()) {
            try (var check = new ConnectionCheck(connection, samples, probes, steps, clock)) {
                pending.addAll(check.run());
            }
        }
        return pending;
    }

    private void testSinks(StepCollector steps) {
        for (var name : plan.sinks()) {
            var step = sinks.apply(name).map(LiveCheck::step).orElseGet(LiveCheck::absentSink);
            steps.add(step.ofSink(name.value()));
        }
    }

    private static CheckStep absentSink() {
        return CheckStep.failed(
                CheckStage.SINK,
                "The sink was removed from the configuration during the check.",
                "Run the check again.");
    }

    private static CheckStep step(SinkTestResult result) {
        return result.delivered()
                ? CheckStep.passed(CheckStage.SINK, "The test event was accepted: " + result.text() + ".")
                : CheckStep.failed(
                        CheckStage.SINK,
                        "The test event was not accepted: " + result.text() + ".",
                        result.remedy().orElse("Check the receiver and the sink's settings."));
    }
}
