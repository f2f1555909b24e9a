package dev.tidemark.compensator;

import java.time.Duration;
import java.util.Optional;

/// Delay between two polls of a mailbox.
///
/// @param configured configured delay
/// @param minDelay shortest delay; a negative one turns polling off
public record PollDelay(ConfiguredDelay configured, Duration minDelay) {
    private static final int WHOLE = 100;

    /// Delay relative to the status frequency, or absolute.
    public sealed interface ConfiguredDelay {
        /// Share of the status frequency, in percent.
        record Percent(int hundredths) implements ConfiguredDelay {}

        /// Same delay for every status frequency.
        record Fixed(Duration length) implements ConfiguredDelay {}
    }

    /// Returns the delay at a status frequency; empty if polling is off. A poll must come at least as often as
    /// Exchange's heartbeat, so a longer `minDelay` turns polling off.
    public Optional<Duration> at(Duration statusFrequency) {
        if (minDelay.isNegative()) {
            return Optional.empty();
        }
        var requested = switch (configured) {
            case ConfiguredDelay.Percent percent ->
                statusFrequency.multipliedBy(percent.hundredths()).dividedBy(WHOLE);
            case ConfiguredDelay.Fixed fixed -> fixed.length();
        };
        var delay = longer(shorter(requested, statusFrequency), minDelay);
        return Optional.of(delay).filter(effective -> effective.compareTo(statusFrequency) <= 0);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
