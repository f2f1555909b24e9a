package dev.tidemark.forwarder;

import dev.tidemark.forwarder.DeliveryOutcome.DecisionContext;
import dev.tidemark.forwarder.SinkHealthPolicy.Change;
import dev.tidemark.forwarder.SinkHealthPolicy.Failure;
import dev.tidemark.forwarder.SinkState.Active;
import dev.tidemark.forwarder.backlog.EventRateLimiter;
import dev.tidemark.forwarder.backlog.SinkWriteBuffer;
import dev.tidemark.forwarder.target.DeliveryResult;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A sink's health as it changes, and what its answers in a row tell. Used by one thread.
final class SinkHealthTracker {
    private static final Logger LOG = LoggerFactory.getLogger(SinkHealthTracker.class);

    private final SinkHealthPolicy policy;
    private final EventRateLimiter rate;
    private final SinkWriteBuffer ledger;
    private SinkState state;
    private Optional<String> lastError;
    private long successes;
    private long reducedAfter;
    private Optional<String> busyLane = Optional.empty();

    SinkHealthTracker(SinkHealthPolicy rules, EventRateLimiter rate, SinkWriteBuffer ledger, Instant now) {
        this.policy = rules;
        this.rate = rate;
        this.ledger = ledger;
        this.state = rules.start(ledger.status(), now);
        this.lastError = ledger.status().lastError();
    }

    SinkState state() {
        return state;
    }

    EventRateLimiter rate() {
        return rate;
    }

    Optional<String> lastError() {
        return lastError;
    }

    /// Grows with each success, so that two readings tell whether one came between.
    long successes() {
        return successes;
    }

    DeliveryOutcome classify(DeliveryBatch shipment, DeliveryResult answer, Instant now) {
        var lane = shipment.first().lane();
        var otherLaneBusy = !shipment.isOfOneLane()
                || busyLane.filter(busy -> !busy.equals(lane)).isPresent();
        busyLane = DeliveryOutcome.isBusy(answer, now) ? Optional.of(lane) : Optional.empty();
        return DeliveryOutcome.of(answer, new DecisionContext(now, othersSucceed(shipment), otherLaneBusy));
    }

    /// Whether another delivery has succeeded since this one was first tried.
    boolean othersSucceed(DeliveryBatch shipment) {
        return successes > shipment.baseline();
    }

    /// Whether one failure more is too little to tell that it fails: it has taken something since the start, and
    /// is not held.
    boolean isTrusted() {
        return successes > 0 && state instanceof Active;
    }

    void onSuccess() {
        successes++;
        apply(policy.onSuccess(state));
    }

    /// Clears the last error once nothing of the sink is in trouble any more.
    void clearError() {
        lastError = Optional.empty();
    }

    /// An event failed by its own fault.
    void onEventFailed(String reason, boolean probe, Instant now) {
        lastError = Optional.of(reason);
        if (probe) {
            apply(policy.onProbeAnswered(state, now));
        }
    }

    /// The sink could not cope with one request while it took others: it gets fewer at a time. Requests that
    /// were under way together with one that said so tell nothing new.
    void onOverload(DeliveryBatch shipment, long sent) {
        if (shipment.number() > reducedAfter) {
            reducedAfter = sent;
            apply(policy.onOverload(state));
        }
    }

    /// Something failed, and whose fault it is will show.
    void onSuspectFailure(String reason) {
        lastError = Optional.of(reason);
    }

    /// Nothing has succeeded for so long that the sink is held and probed at once. One broken connection may
    /// be all there was: only a probe that fails as well is news.
    void onSuspectsExpired(UnattributedFailures doubts) {
        var reason = doubts.first().failed().reason();
        onSinkFailed(new Failure(reason, Optional.of(doubts.expiresAt()), false), doubts.since());
    }

    void onSinkFailed(Failure trouble, Instant now) {
        lastError = Optional.of(trouble.reason());
        apply(policy.onFailure(state, trouble, now));
    }

    void onRefused(String reason, Optional<String> allow, Instant now) {
        lastError = Optional.of(reason);
        apply(policy.onRefused(state, reason, allow, now));
    }

    void onGone(String reason, Instant now) {
        lastError = Optional.of(reason);
        apply(policy.onGone(state, reason, now));
    }

    void enabledByOperator() {
        lastError = Optional.empty();
        apply(policy.enabledByOperator(state));
    }

    void disabledByOperator(Instant now) {
        lastError = Optional.of("an operator disabled it");
        apply(policy.disabledByOperator(state, now));
    }

    private void logChange(SinkState next) {
        next.remedy(policy.sink())
                .ifPresentOrElse(
                        remedy -> LOG.warn(
                                "Sink {} is {}, was {}: {}; {}",
                                policy.sink(),
                                next.label(),
                                state.label(),
                                lastError.orElse("it failed before the last restart"),
                                remedy),
                        () -> LOG.info("Sink {} is {}, was {}", policy.sink(), next.label(), state.label()));
    }

    private void apply(Change change) {
        if (!state.label().equals(change.state().label())) {
            logChange(change.state());
        }
        state = change.state();
        ledger.status(SinkHealthPolicy.statusOf(state, lastError));
        change.notice().ifPresent(ledger::enqueueInstanceEvent);
    }
}
