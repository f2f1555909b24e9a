package dev.tidemark.compensator;

import java.time.Duration;
import java.util.Optional;

/// What the compensator is set to.
///
/// @param silenceFactor a subscription is silent after this many status frequencies and `grace`
/// @param silenceAfter where present, a subscription is silent after this instead
/// @param firstCallback how long a subscription that never called back may take; by default the status
///     frequency and `grace`
/// @param sweepInterval how often is looked for what is due, besides what announces itself
/// @param watermarkLifetime how old a watermark may be and still be tried
/// @param rate compensations started a second at most
/// @param failedRecheck how long after giving a mailbox up it is tried again
/// @param cohort whether mailboxes that fall silent together are looked into early
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

    /// How long the store keeps what it no longer needs: `delivered` events, events that some sink still
    /// misses, and dead letters.
    public record Retention(Duration delivered, Duration undelivered, Duration deadLetters) {}

    FallbackPolicy fallbackPolicy() {
        return new FallbackPolicy(fallback, silencePolicy());
    }

    /// When a subscription counts as silent, by its status frequency.
    SilencePolicy silencePolicy() {
        return new SilencePolicy(silenceFactor, grace, silenceAfter, firstCallback);
    }
}
