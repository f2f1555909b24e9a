package dev.tidemark.compensator;

import java.time.Duration;
import java.util.Optional;

/// Settings of the compensator.
///
/// @param silenceFactor a subscription is silent after this many status frequencies and `grace`
/// @param silenceAfter if present, a subscription is silent after this time instead
/// @param firstCallback limit for the first callback of a subscription; by default the status frequency and
///     `grace`
/// @param sweepInterval interval of the sweep, besides checks at known times
/// @param watermarkLifetime age up to which a watermark is tried
/// @param rate limit for repairs started per second
/// @param failedRecheck delay before a failed mailbox is tried again
/// @param cohort true if mailboxes that fall silent together are checked early
public record CompensatorConfig(
        double silenceFactor,
        Duration grace,
        Optional<Duration> silenceAfter,
        Optional<Duration> firstCallback,
        Duration sweepInterval,
        Duration watermarkLifetime,
        int rate,
        Duration failedRecheck,
        boolean cohort,
        Retention retention,
        FallbackConfig fallback) {
    public CompensatorConfig {
        if (rate < 1 || silenceFactor <= 0 || sweepInterval.isZero() || sweepInterval.isNegative()) {
            throw new IllegalArgumentException("A rate of " + rate + ", a silence factor of " + silenceFactor
                    + " and a sweep interval of " + sweepInterval + " cannot work; all must be above 0.");
        }
    }

    /// Retention of data that the store no longer needs: `delivered` events, events that a sink still misses,
    /// and dead letters.
    public record Retention(Duration delivered, Duration undelivered, Duration deadLetters) {}

    FallbackPolicy fallbackPolicy() {
        return new FallbackPolicy(fallback, silencePolicy());
    }

    /// Returns the policy that decides when a subscription counts as silent.
    SilencePolicy silencePolicy() {
        return new SilencePolicy(silenceFactor, grace, silenceAfter, firstCallback);
    }
}
