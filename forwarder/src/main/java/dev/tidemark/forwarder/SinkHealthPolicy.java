package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkState.Active;
import dev.tidemark.forwarder.SinkState.Disabled;
import dev.tidemark.forwarder.SinkState.Held;
import dev.tidemark.forwarder.SinkState.Refused;
import dev.tidemark.forwarder.event.InstanceEvent;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkStatus;
import dev.tidemark.values.ReadableTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The rules by which a sink is held, probed, freed and disabled: each method is a pure function from one
/// state to the next.
///
/// @param limit requests at a time of a sink in full health
/// @param disableAfter how long it fails before it is disabled
record SinkHealthPolicy(SinkName sink, int limit, Duration disableAfter) {
    static final Duration FIRST_PROBE_PAUSE = Duration.ofSeconds(5);
    static final Duration MAX_PROBE_PAUSE = Duration.ofSeconds(60);
    static final Duration REFUSED_PROBE_PAUSE = Duration.ofMinutes(1);
    static final Duration DISABLED_PROBE_PAUSE = Duration.ofHours(1);

    /// The next state, and what the world should know of it.
    record Change(SinkState state, Optional<InstanceEvent> notice) {
        static Change silently(SinkState state) {
            return new Change(state, Optional.empty());
        }
    }

    /// @param retryAt when to come back, where the sink itself said so or it is not sure yet that it fails
    /// @param probe whether it was the probe of a sink that is not active
    record Failure(String reason, Optional<Instant> retryAt, boolean probe) {}

    /// The state after a restart. What was failing is probed at once.
    SinkState start(SinkStatus status, Instant now) {
        var since = status.failingSince();
        if (status.disabled()) {
            return new Disabled(since.orElse(now), status.untilOperator() ? Optional.empty() : Optional.of(now));
        }
        return since.<SinkState>map(from -> new Held(from, now, FIRST_PROBE_PAUSE, true))
                .orElse(new Active(limit));
    }

    /// A recovering sink gets twice as many at a time with each success, until it has as many as it last
    /// could not cope with; from there on one more for each round of successes.
    Change onSuccess(SinkState state) {
        return switch (state) {
            case Active active -> Change.silently(raiseLimit(active));
            case Held ignored -> Change.silently(new Active(1));
            case Refused ignored -> Change.silently(new Active(1));
            case Disabled disabled ->
                disabled.probeAt().isEmpty()
                        ? Change.silently(disabled)
                        : new Change(new Active(1), notice("sink.enabled", "probe succeeded"));
        };
    }

    private Active raiseLimit(Active active) {
        if (active.limit() >= limit) {
            return active;
        }
        if (active.limit() < active.known()) {
            var doubled = Math.min(active.limit() * 2, active.known());
            return new Active(Math.min(limit, doubled), active.known(), 0);
        }
        return active.calm() + 1 < active.limit()
                ? new Active(active.limit(), active.known(), active.calm() + 1)
                : new Active(active.limit() + 1, active.known() + 1, 0);
    }

    /// It takes requests, but not as many as it was sent.
    Change onOverload(SinkState state) {
        return switch (state) {
            case Active active -> {
                var half = Math.max(1, active.limit() / 2);
                yield Change.silently(new Active(half, half, 0));
            }
            case Held held -> Change.silently(held);
            case Refused refused -> Change.silently(refused);
            case Disabled disabled -> Change.silently(disabled);
        };
    }

    Change onFailure(SinkState state, Failure trouble, Instant now) {
        return switch (state) {
            case Active ignored -> hold(trouble, now);
            case Held held -> trouble.probe() ? probeFailed(held, trouble, now) : stillHeld(held, trouble);
            case Refused refused ->
                trouble.probe()
                        ? Change.silently(
                                new Held(refused.since(), now.plus(FIRST_PROBE_PAUSE), FIRST_PROBE_PAUSE, true))
                        : Change.silently(refused);
            case Disabled disabled -> Change.silently(probeLater(disabled, now));
        };
    }

    /// A probe failed by the event's own fault: the sink answers, but only a success frees it. Not probed
    /// more slowly.
    Change onProbeAnswered(SinkState state, Instant now) {
        return switch (state) {
            case Active active -> Change.silently(active);
            case Held held ->
                Change.silently(new Held(held.since(), now.plus(held.pause()), held.pause(), held.announced()));
            case Refused refused ->
                Change.silently(new Held(refused.since(), now.plus(FIRST_PROBE_PAUSE), FIRST_PROBE_PAUSE, true));
            case Disabled disabled -> Change.silently(probeLater(disabled, now));
        };
    }

    /// Where it is known when to come back, the sink is not failing yet: only its next failure is news.
    private Change hold(Failure trouble, Instant now) {
        var announced = trouble.retryAt().isEmpty();
        var held = new Held(now, probeAt(trouble, FIRST_PROBE_PAUSE, now), FIRST_PROBE_PAUSE, announced);
        return new Change(held, announced ? notice("sink.failing", trouble.reason()) : Optional.empty());
    }

    private Change probeFailed(Held held, Failure trouble, Instant now) {
        if (!held.since().plus(disableAfter).isAfter(now)) {
            var disabled = new Disabled(held.since(), Optional.of(now.plus(DISABLED_PROBE_PAUSE)));
            return new Change(
                    disabled,
                    notice(
                            "sink.disabled",
                            "failing since " + ReadableTime.of(held.since()) + ": " + trouble.reason()));
        }
        var doubled = held.pause().multipliedBy(2);
        var wait = doubled.compareTo(MAX_PROBE_PAUSE) > 0 ? MAX_PROBE_PAUSE : doubled;
        var next = new Held(held.since(), probeAt(trouble, wait, now), wait, true);
        return new Change(next, held.announced() ? Optional.empty() : notice("sink.failing", trouble.reason()));
    }

    /// Requests that were under way when the sink was held tell nothing new, unless they name a later moment.
    private static Change stillHeld(Held held, Failure trouble) {
        var later = trouble.retryAt().filter(moment -> moment.isAfter(held.probeAt()));
        return Change.silently(later.map(moment -> new Held(held.since(), moment, held.pause(), held.announced()))
                .orElse(held));
    }

    /// The address may not be called: said once, with the line that would allow it.
    Change onRefused(SinkState state, String reason, Optional<String> allow, Instant now) {
        var failing = notice("sink.failing", reason)
                .map(notice -> allow.map(line -> notice.with("allow", line)).orElse(notice));
        return switch (state) {
            case Active ignored -> new Change(new Refused(now, now.plus(REFUSED_PROBE_PAUSE)), failing);
            case Held held -> new Change(new Refused(held.since(), now.plus(REFUSED_PROBE_PAUSE)), failing);
            case Refused refused -> Change.silently(new Refused(refused.since(), now.plus(REFUSED_PROBE_PAUSE)));
            case Disabled disabled -> Change.silently(probeLater(disabled, now));
        };
    }

    /// 410: nothing more until an operator says so.
    Change onGone(SinkState state, String reason, Instant now) {
        return disable(state, reason, now);
    }

    Change disabledByOperator(SinkState state, Instant now) {
        return disable(state, "operator", now);
    }

    private Change disable(SinkState state, String reason, Instant now) {
        return switch (state) {
            case Disabled disabled -> Change.silently(new Disabled(disabled.since(), Optional.empty()));
            case Active ignored -> disable(now, reason);
            case Held held -> disable(held.since(), reason);
            case Refused refused -> disable(refused.since(), reason);
        };
    }

    private Change disable(Instant since, String reason) {
        return new Change(new Disabled(since, Optional.empty()), notice("sink.disabled", reason));
    }

    Change enabledByOperator(SinkState state) {
        return switch (state) {
            case Active active -> Change.silently(active);
            case Held ignored -> Change.silently(new Active(1));
            case Refused ignored -> Change.silently(new Active(1));
            case Disabled ignored -> new Change(new Active(1), notice("sink.enabled", "operator"));
        };
    }

    /// What of a state must survive a restart.
    static SinkStatus statusOf(SinkState state, Optional<String> lastError) {
        return switch (state) {
            case Active ignored -> SinkStatus.HEALTHY;
            case Held held -> new SinkStatus(Optional.of(held.since()), false, false, lastError);
            case Refused refused -> new SinkStatus(Optional.of(refused.since()), false, false, lastError);
            case Disabled disabled ->
                new SinkStatus(
                        Optional.of(disabled.since()), true, disabled.probeAt().isEmpty(), lastError);
        };
    }

    private static Instant probeAt(Failure trouble, Duration wait, Instant now) {
        // a moment that has come already would have us knock without a pause
        var soonest = now.plusSeconds(1);
        return trouble.retryAt()
                .map(moment -> moment.isBefore(soonest) ? soonest : moment)
                .orElse(now.plus(wait));
    }

    private static Disabled probeLater(Disabled disabled, Instant now) {
        return new Disabled(disabled.since(), disabled.probeAt().map(due -> now.plus(DISABLED_PROBE_PAUSE)));
    }

    private Optional<InstanceEvent> notice(String type, String reason) {
        return Optional.of(InstanceEvent.of(type, sink, reason));
    }
}
