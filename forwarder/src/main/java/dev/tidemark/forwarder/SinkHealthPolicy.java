package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkState.Active;
import dev.tidemark.forwarder.SinkState.Disabled;
import dev.tidemark.forwarder.SinkState.Held;
import dev.tidemark.forwarder.SinkState.Refused;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkStatus;
import dev.tidemark.values.ReadableTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Rules to hold, probe, activate and disable a sink. Each method is a pure function from one state to the
/// next. Thread-safe.
///
/// @param limit concurrent requests of a healthy sink
/// @param disableAfter time of failures after which a sink is disabled
record SinkHealthPolicy(SinkName sink, int limit, Duration disableAfter) {
    static final Duration FIRST_PROBE_PAUSE = Duration.ofSeconds(5);
    static final Duration MAX_PROBE_PAUSE = Duration.ofSeconds(60);
    static final Duration REFUSED_PROBE_PAUSE = Duration.ofMinutes(1);
    static final Duration DISABLED_PROBE_PAUSE = Duration.ofHours(1);

    /// Next state and the event that announces it.
    record Change(SinkState state, Optional<InstanceEvent> notice) {
        static Change silently(SinkState state) {
            return new Change(state, Optional.empty());
        }
    }

    /// @param retryAt time of the next attempt, if the sink named one or its failure is not certain yet
    /// @param probe true for the probe of a sink that is not active
    record Failure(String reason, Optional<Instant> retryAt, boolean probe) {}

    /// Returns the state after a restart. A failing sink is probed at once.
    SinkState start(SinkStatus status, Instant now) {
        var since = status.failingSince();
        if (status.disabled()) {
            return new Disabled(since.orElse(now), status.untilOperator() ? Optional.empty() : Optional.of(now));
        }
        return since.<SinkState>map(from -> new Held(from, now, FIRST_PROBE_PAUSE, true))
                .orElse(new Active(limit));
    }

    /// Doubles the limit of a recovering sink with each success, up to the limit at which it was last
    /// overloaded. After that, raises the limit by one per round of successes.
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
        return active.successStreak() + 1 < active.limit()
                ? new Active(active.limit(), active.known(), active.successStreak() + 1)
                : new Active(active.limit() + 1, active.known() + 1, 0);
    }

    /// Halves the limit of a sink that accepts fewer requests than it was sent.
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

    Change onFailure(SinkState state, Failure failure, Instant now) {
        return switch (state) {
            case Active ignored -> hold(failure, now);
            case Held held -> failure.probe() ? probeFailed(held, failure, now) : stillHeld(held, failure);
            case Refused refused ->
                failure.probe()
                        ? Change.silently(
                                new Held(refused.since(), now.plus(FIRST_PROBE_PAUSE), FIRST_PROBE_PAUSE, true))
                        : Change.silently(refused);
            case Disabled disabled -> Change.silently(probeLater(disabled, now));
        };
    }

    /// Handles a probe that failed by the event's own fault. The sink responds, but only a success activates
    /// it. The probe interval does not grow.
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

    /// Holds the sink. If the time of the next attempt is known, only its next failure is announced.
    private Change hold(Failure failure, Instant now) {
        var announced = failure.retryAt().isEmpty();
        var held = new Held(now, probeAt(failure, FIRST_PROBE_PAUSE, now), FIRST_PROBE_PAUSE, announced);
        return new Change(held, announced ? notice("sink.failing", failure.reason()) : Optional.empty());
    }

    private Change probeFailed(Held held, Failure failure, Instant now) {
        if (!held.since().plus(disableAfter).isAfter(now)) {
            var disabled = new Disabled(held.since(), Optional.of(now.plus(DISABLED_PROBE_PAUSE)));
            return new Change(
                    disabled,
                    notice(
                            "sink.disabled",
                            "failing since " + ReadableTime.of(held.since()) + ": " + failure.reason()));
        }
        var doubled = held.pause().multipliedBy(2);
        var wait = doubled.compareTo(MAX_PROBE_PAUSE) > 0 ? MAX_PROBE_PAUSE : doubled;
        var next = new Held(held.since(), probeAt(failure, wait, now), wait, true);
        return new Change(next, held.announced() ? Optional.empty() : notice("sink.failing", failure.reason()));
    }

    /// Ignores requests that were in flight when the sink was held, unless they name a later time.
    private static Change stillHeld(Held held, Failure failure) {
        var later = failure.retryAt().filter(time -> time.isAfter(held.probeAt()));
        return Change.silently(later.map(time -> new Held(held.since(), time, held.pause(), held.announced()))
                .orElse(held));
    }

    /// Handles a forbidden address. Announced once, with the setting that would allow it.
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

    /// Handles a 410: disables the sink until an operator enables it.
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

    /// Returns the part of the state that survives a restart.
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

    private static Instant probeAt(Failure failure, Duration wait, Instant now) {
        // a time in the past would cause probes without a pause
        var soonest = now.plusSeconds(1);
        return failure.retryAt()
                .map(time -> time.isBefore(soonest) ? soonest : time)
                .orElse(now.plus(wait));
    }

    private static Disabled probeLater(Disabled disabled, Instant now) {
        return new Disabled(disabled.since(), disabled.probeAt().map(due -> now.plus(DISABLED_PROBE_PAUSE)));
    }

    private Optional<InstanceEvent> notice(String type, String reason) {
        return Optional.of(InstanceEvent.of(type, sink, reason));
    }
}
