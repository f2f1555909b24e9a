package dev.tidemark.forwarder;

import dev.tidemark.store.model.SinkName;
import dev.tidemark.values.ReadableTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Health state of a sink.
sealed interface SinkState {
    /// Cause of the state that an operator requested.
    String BY_OPERATOR = "an operator disabled it";

    /// Receives events.
    ///
    /// @param limit concurrent requests; less than configured during recovery or after an overload
    /// @param known number of requests it is known to handle; the limit doubles up to it
    /// @param successStreak successes since the last change of the limit
    record Active(int limit, int known, int successStreak) implements SinkState {
        Active(int limit) {
            this(limit, Integer.MAX_VALUE, 0);
        }
    }

    /// Fails and is probed with one event at a time.
    ///
    /// @param pause last interval between probes
    /// @param announced true if `sink.failing` was journaled
    record Held(Instant since, Instant probeAt, Duration pause, boolean announced) implements SinkState {}

    /// Receives no events.
    ///
    /// @param probeAt time of the next probe; empty if only an operator can enable it
    record Disabled(Instant since, Optional<Instant> probeAt) implements SinkState {}

    /// Egress forbids its address.
    record Refused(Instant since, Instant probeAt) implements SinkState {}

    /// Returns the name of this state in the admin API.
    default String label() {
        return switch (this) {
            case Active ignored -> "active";
            case Held ignored -> "held";
            case Disabled ignored -> "disabled";
            case Refused ignored -> "refused";
        };
    }

    /// Returns a number that is higher the longer the state may last.
    default int severity() {
        return switch (this) {
            case Active ignored -> 0;
            case Held ignored -> 1;
            case Refused ignored -> 2;
            case Disabled disabled -> disabled.probeAt().isPresent() ? 3 : 4;
        };
    }

    /// Returns the time of the failure, refusal or request that made the sink inactive; empty for an active sink.
    default Optional<Instant> troubledSince() {
        return switch (this) {
            case Active ignored -> Optional.empty();
            case Held held -> Optional.of(held.since());
            case Refused refused -> Optional.of(refused.since());
            case Disabled disabled -> Optional.of(disabled.since());
        };
    }

    /// Returns true if this state is more severe than the other one, or equally severe for longer.
    default boolean isWorseThan(SinkState other) {
        return severity() == other.severity()
                ? troubledSince()
                        .orElse(Instant.MAX)
                        .isBefore(other.troubledSince().orElse(Instant.MAX))
                : severity() > other.severity();
    }

    /// Returns the next step and the remedy for an operator; empty for an active sink.
    default Optional<String> remedy(SinkName sink) {
        return switch (this) {
            case Active ignored -> Optional.empty();
            case Held held ->
                Optional.of("repair the receiver; its events wait, the next probe is due at "
                        + ReadableTime.of(held.probeAt()) + ", and 'tidemark sinks enable " + sink.value()
                        + "' probes at once");
            case Refused refused ->
                Optional.of("allow the address, or correct the sink's url; its events wait, the next attempt is due at "
                        + ReadableTime.of(refused.probeAt()) + ", and 'tidemark sinks enable " + sink.value()
                        + "' tries at once");
            case Disabled disabled ->
                Optional.of("repair the receiver, then run 'tidemark sinks enable " + sink.value()
                        + "'; its events wait"
                        + (disabled.probeAt().isPresent() ? ", and it is probed automatically every hour" : ""));
        };
    }

    /// Returns the cause of this state with one remedy for the log. A remedy that the cause names after a semicolon
    /// replaces that of the state.
    default String withRemedy(String cause, SinkName sink) {
        var enable = "run 'tidemark sinks enable " + sink.value() + "'";
        return switch (this) {
            case Active ignored -> cause;
            case Held ignored -> orRemedy(cause, "repair the receiver");
            case Refused ignored -> orRemedy(cause, "correct the sink's url");
            case Disabled ignored ->
                cause.equals(BY_OPERATOR)
                        ? orRemedy(cause, enable)
                        : orRemedy(cause, "repair the receiver") + ", then " + enable;
        };
    }

    private static String orRemedy(String cause, String remedy) {
        return cause.contains("; ") ? cause : cause + "; " + remedy;
    }

    /// Returns the time of the next probe; empty if none is due.
    default Optional<Instant> probeDue() {
        return switch (this) {
            case Active ignored -> Optional.empty();
            case Held held -> Optional.of(held.probeAt());
            case Disabled disabled -> disabled.probeAt();
            case Refused refused -> Optional.of(refused.probeAt());
        };
    }
}
