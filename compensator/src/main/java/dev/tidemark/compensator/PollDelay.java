package dev.tidemark.compensator;

import java.time.Duration;
import java.util.Optional;

/// How long after one poll of a mailbox the next one follows.
///
/// @param wish what configuration asks for
/// @param least no delay is shorter; a negative one turns polling off
public record PollDelay(ConfiguredDelay wish, Duration least) {
    private static final int WHOLE = 100;

    /// A delay in terms of the status frequency, or for itself.
    public sealed interface ConfiguredDelay {
        /// So many hundredths of the status frequency.
        record Percent(int hundredths) implements ConfiguredDelay {}

        /// The same for every status frequency.
        record Fixed(Duration length) implements ConfiguredDelay {}
    }

    /// The delay at a status frequency; empty where that leaves no polling. Polling more rarely than Exchange
    /// would have sent a heartbeat is no fallback, so that `least` beyond it means none.
    public Optional<Duration> at(Duration statusFrequency) {
        if (least.isNegative()) {
            return Optional.empty();
        }
        var wished = switch (wish) {
            case ConfiguredDelay.Percent percent ->
                statusFrequency.multipliedBy(percent.hundredths()).dividedBy(WHOLE);
            case ConfiguredDelay.Fixed fixed -> fixed.length();
        };
        var delay = longer(shorter(wished, statusFrequency), least);
        return Optional.of(delay).filter(found -> found.compareTo(statusFrequency) <= 0);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
