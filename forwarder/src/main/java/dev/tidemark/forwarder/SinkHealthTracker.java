package dev.tidemark.forwarder;

import dev.tidemark.forwarder.DeliveryOutcome.DecisionContext;
import dev.tidemark.forwarder.SinkHealthPolicy.Change;
import dev.tidemark.forwarder.SinkHealthPolicy.Trouble;
import dev.tidemark.forwarder.SinkState.Active;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A sink's health as it changes, and what its answers in a row tell. Used by one thread.
final class SinkHealthTracker {
    private static final Logger LOG = LoggerFactory.getLogger(SinkHealthTracker.class);

    private final SinkHealthPolicy rules;
    private final EventRateLimiter rate;
    private final SinkWriteBuffer ledger;
    private SinkState state;
    private Optional<String> lastError;
    private long successes;
    private long cutAfter;
    private Optional<String> busyLane = Optional.empty();

    SinkHealthTracker(SinkHealthPolicy rules, EventRateLimiter rate, SinkWriteBuffer ledger, Instant now) {
        this.rules = rules;
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

    DeliveryOutcome judge(DeliveryBatch shipment, DeliveryResult answer, Instant now) {
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

    void succeeded() {
        successes++;
        apply(rules.succeeded(state));
    }

    /// Clears the last error once nothing of the sink is in trouble any more.
    void untroubled() {
        lastError = Optional.empty();
    }

    /// An event failed by its own fault.
    void eventFailed(String reason, boolean probe, Instant now) {
        lastError = Optional.of(reason);
        if (probe) {
            apply(rules.answered(state, now));
        }
    }

    /// The sink could not cope with one request while it took others: it gets fewer at a time. Requests that
    /// were under way together with one that said so tell nothing new.
    void overloaded(DeliveryBatch shipment, long sent) {
        if (shipment.number() > cutAfter) {
            cutAfter = sent;
            apply(rules.overloaded(state));
        }
    }

    /// Something failed, and whose fault it is will show.
    void doubted(String reason) {
        lastError = Optional.of(reason);
    }

    /// Nothing has succeeded for so long that the sink is held and probed at once. One broken connection may
    /// be all there was: only a probe that fails as well is news.
    void doubtEnded(UnattributedFailures doubts) {
        var reason = doubts.first().failed().reason();
        failed(new Trouble(reason, Optional.of(doubts.end()), false), doubts.since());
    }

    void failed(Trouble trouble, Instant now) {
        lastError = Optional.of(trouble.reason());
        apply(rules.failed(state, trouble, now));
    }

    void refused(String reason, Optional<String> allow, Instant now) {
        lastError = Optional.of(reason);
        apply(rules.refused(state, reason, allow, now));
    }

    void gone(String reason, Instant now) {
        lastError = Optional.of(reason);
        apply(rules.gone(state, reason, now));
    }

    void enabledByOperator() {
        lastError = Optional.empty();
        apply(rules.enabledByOperator(state));
    }

    void disabledByOperator(Instant now) {
        lastError = Optional.of("an operator disabled it");
        apply(rules.disabledByOperator(state, now));
    }

    private void tell(SinkState next) {
        next.remedy(rules.sink())
                .ifPresentOrElse(
                        remedy -> LOG.warn(
                                "Sink {} is {}, was {}: {}; {}",
                                rules.sink(),
                                next.label(),
                                state.label(),
                                lastError.orElse("it failed before the last restart"),
                                remedy),
                        () -> LOG.info("Sink {} is {}, was {}", rules.sink(), next.label(), state.label()));
    }

    private void apply(Change change) {
        if (!state.label().equals(change.state().label())) {
            tell(change.state());
        }
        state = change.state();
        ledger.status(SinkHealthPolicy.statusOf(state, lastError));
        change.notice().ifPresent(ledger::tell);
    }
}
