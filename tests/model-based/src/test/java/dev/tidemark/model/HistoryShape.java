package dev.tidemark.model;

import java.time.Duration;

/// Size of a history. A function of its seed and its [Kind], so both give the same history again.
///
/// @param span time with changes and failures
/// @param peace undisturbed time after it, at the end of which every promise must hold
/// @param outlivesWatermark true if a mailbox or the daemon may be away for longer than a watermark lives
/// @param losesHeartbeats true if a kill may lose the heartbeats of days; the product loses only those of seconds
record HistoryShape(Duration span, int changes, Duration peace, boolean outlivesWatermark, boolean losesHeartbeats) {
    /// Covers silence detection after two status frequencies, plus retries and rechecks.
    private static final Duration SHORT_PEACE = Duration.ofDays(2);

    private static final Duration LONG_PEACE = Duration.ofDays(4);

    /// Rule that gives each seed a shape.
    enum Kind {
        /// weeks with many changes; every fifth history outlives a watermark
        WEEKS {
            @Override
            HistoryShape of(long seed) {
                return weeks(seed % 5 == 0 ? 44 : 14 + seed % 7);
            }
        },
        /// a few days, for many histories; every twentieth outlives a watermark
        DAYS {
            @Override
            HistoryShape of(long seed) {
                return seed % 20 == 0
                        ? new HistoryShape(Duration.ofDays(40), 100, LONG_PEACE, true, false)
                        : new HistoryShape(Duration.ofDays(1 + seed % 4), 60, SHORT_PEACE, false, false);
            }
        };

        abstract HistoryShape of(long seed);
    }

    /// Returns a shape of some weeks with many changes.
    static HistoryShape weeks(long days) {
        return new HistoryShape(Duration.ofDays(days), 200, LONG_PEACE, true, true);
    }
}
