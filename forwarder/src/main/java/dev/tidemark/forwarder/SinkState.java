package dev.tidemark.forwarder;

import dev.tidemark.store.model.SinkName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How a sink is doing.
public sealed interface SinkState {
    /// Takes events.
    ///
    /// @param limit requests at a time; less than configured while it recovers or could not cope with more
    /// @param known up to how many it is expected to cope with: that far the limit is doubled
    /// @param calm successes since the limit was changed
    record Active(int limit, int known, int calm) implements SinkState {
        Active(int limit) {
            this(limit, Integer.MAX_VALUE, 0);
        }
    }

    /// Failing, and probed with one event at a time.
    ///
    /// @param pause how long the last wait for a probe was
    /// @param announced whether `sink.failing` was journalled
    record Held(Instant since, Instant probeAt, Duration pause, boolean announced) implements SinkState {}

    /// Given up.
    ///
    /// @param probeAt none: until an operator enables it
    record Disabled(Instant since, Optional<Instant> probeAt) implements SinkState {}

    /// Its address may not be called.
    record Refused(Instant since, Instant probeAt) implements SinkState {}

    /// The word for this state in the admin API.
    default String label() {
        return switch (this) {
            case Active ignored -> "active";
            case Held ignored -> "held";
            case Disabled ignored -> "disabled";
            case Refused ignored -> "refused";
        };
    }

    /// Returns the next step and the remedy for an operator; empty for a sink that is well.
    default Optional<String> remedy(SinkName sink) {
        return switch (this) {
            case Active ignored -> Optional.empty();
            case Held ignored ->
                Optional.of(
                        "repair the receiver; its events wait, and it is probed automatically every minute or sooner");
            case Refused ignored ->
                Optional.of(
                        "allow the address, or correct the sink's url; its events wait, and it is tried every minute");
            case Disabled disabled ->
                Optional.of("repair the receiver, then run 'tidemark sinks enable " + sink.value()
                        + "'; its events wait"
                        + (disabled.probeAt().isPresent() ? ", and it is probed automatically every hour" : ""));
        };
    }

    /// When a probe is due; none for a sink that needs none, or wants none.
    default Optional<Instant> probeDue() {
        return switch (this) {
            case Active ignored -> Optional.empty();
            case Held held -> Optional.of(held.probeAt());
            case Disabled disabled -> disabled.probeAt();
            case Refused refused -> Optional.of(refused.probeAt());
        };
    }
}
