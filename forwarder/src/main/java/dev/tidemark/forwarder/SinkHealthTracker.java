package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkHealthPolicy.Change;
import dev.tidemark.forwarder.SinkHealthPolicy.Failure;
import dev.tidemark.forwarder.SinkState.Active;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.http.TokenBucket;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tracks the health of a sink by its results. [SinkController] calls it. Not thread-safe; guarded by the
/// sink's lock.
final class SinkHealthTracker {
    /// Delay of timers that a sink may catch up on within its rate.
    static final Duration TIMER_SLACK = Duration.ofMillis(50);

    private static final Logger LOG = LoggerFactory.getLogger(SinkHealthTracker.class);

    private final SinkHealthPolicy policy;
    private final TokenBucket rate;
    private final SinkWriteBuffer buffer;
    private SinkState state;
    /// failure of the sink, or one whose cause is not known yet; a success ends it
    private Optional<String> sinkError;
    /// last failure of an event
    private Optional<String> eventError = Optional.empty();
    private long successes;
    private long reducedAfter;
    private Optional<String> busyLane = Optional.empty();

    /// @param eventsPerSecond limit of the sink; 0 means no limit
    SinkHealthTracker(SinkHealthPolicy policy, int eventsPerSecond, SinkWriteBuffer buffer, Instant now) {
        this.policy = policy;
        this.rate = new TokenBucket(eventsPerSecond, TIMER_SLACK);
        this.buffer = buffer;
        this.state = policy.start(buffer.status(), now);
        this.sinkError = buffer.status().lastError();
    }

    SinkState state() {
        return state;
    }

    TokenBucket rate() {
        return rate;
    }

    /// Returns the failure that has not passed: that of the sink, or that of its events while one is deferred.
    Optional<String> lastError(boolean hasDeferred) {
        return sinkError.or(() -> hasDeferred ? eventError : Optional.empty());
    }

    /// Returns the count of successes; two readings show a success in between.
    long successes() {
        return successes;
    }

    DeliveryOutcome classify(DeliveryBatch batch, DeliveryResult result, Instant now) {
        var lane = batch.first().lane();
        var otherLaneBusy = !batch.isOfOneLane()
                || busyLane.filter(busy -> !busy.equals(lane)).isPresent();
        busyLane = DeliveryOutcome.isBusy(result, now) ? Optional.of(lane) : Optional.empty();
        return DeliveryOutcome.of(result, now, othersSucceed(batch), otherLaneBusy);
    }

    /// Returns true if another delivery succeeded since the first attempt of this one.
    boolean othersSucceed(DeliveryBatch batch) {
        return successes > batch.baseline();
    }

    /// Returns true for an active sink with a success since the start: a single failure does not prove that it
    /// fails.
    boolean isTrusted() {
        return successes > 0 && state instanceof Active;
    }

    void onSuccess() {
        successes++;
        apply(policy.onSuccess(state));
        if (state instanceof Active) {
            sinkError = Optional.empty();
        }
    }

    /// Forgets the failure of an event; called when no event is deferred any more.
    void clearEventError() {
        eventError = Optional.empty();
    }

    /// Records an event that failed by its own fault.
    void onEventFailed(String reason, boolean probe, Instant now) {
        eventError = Optional.of(reason);
        if (probe) {
            if (!(state instanceof Active)) {
                sinkError = eventError;
            }
            apply(policy.onProbeAnswered(state, now));
        }
    }

    /// Reduces the limit after a request that failed while others succeeded. Ignores requests that were in
    /// flight during the last reduction.
    void onOverload(DeliveryBatch batch, long sent) {
        if (batch.number() > reducedAfter) {
            reducedAfter = sent;
            apply(policy.onOverload(state));
        }
    }

    /// Records a failure whose cause is not known yet.
    void onSuspectFailure(String reason) {
        sinkError = Optional.of(reason);
    }

    /// Holds the sink, because no delivery succeeded in time. It is probed at once. A single broken connection
    /// may be the cause, so only a failed probe is announced.
    void onSuspectsExpired(UnattributedFailures suspects) {
        var reason = suspects.first().failed().reason();
        onSinkFailed(new Failure(reason, Optional.of(suspects.expiresAt()), false), suspects.since());
    }

    void onSinkFailed(Failure failure, Instant now) {
        sinkError = Optional.of(failure.reason());
        apply(policy.onFailure(state, failure, now));
    }

    void onRefused(String reason, Optional<String> allow, Instant now) {
        sinkError = Optional.of(reason);
        apply(policy.onRefused(state, reason, allow, now));
    }

    void onGone(String reason, Instant now) {
        sinkError = Optional.of(reason);
        apply(policy.onGone(state, reason, now));
    }

    void enabledByOperator() {
        sinkError = Optional.empty();
        apply(policy.enabledByOperator(state));
    }

    void disabledByOperator(Instant now) {
        sinkError = Optional.of(SinkState.BY_OPERATOR);
        apply(policy.disabledByOperator(state, now));
    }

    private void logChange(SinkState next) {
        if (next instanceof Active) {
            LOG.info("Sink {} is {}, was {}", policy.sink(), next.label(), state.label());
        } else {
            var cause = sinkError.orElse("it failed before the last restart");
            LOG.warn(
                    "Sink {} is {}, was {}: {}",
                    policy.sink(),
                    next.label(),
                    state.label(),
                    next.withRemedy(cause, policy.sink()));
        }
    }

    private void apply(Change change) {
        if (!state.label().equals(change.state().label())) {
            logChange(change.state());
        }
        state = change.state();
        buffer.status(SinkHealthPolicy.statusOf(state, sinkError));
        change.notice().ifPresent(buffer::enqueueInstanceEvent);
    }
}
