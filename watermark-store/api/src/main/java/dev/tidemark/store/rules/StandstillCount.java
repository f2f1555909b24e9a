package dev.tidemark.store.rules;

import java.time.Duration;
import java.time.Instant;

/// Counts the heartbeats that leave a watermark where it is. Only those at even intervals count: a heartbeat whose
/// response was lost is repeated after 30 s and then at doubling intervals (EWS documentation, StatusFrequency).
///
/// @param last receipt of the last one that counted
/// @param apart time between the last two that counted
record StandstillCount(int heartbeats, Instant last, Duration apart) {
    static final StandstillCount NONE = new StandstillCount(0, Instant.EPOCH, Duration.ZERO);

    /// Longer than Exchange waits before the first repetition, shorter than the minimum StatusFrequency, a minute.
    private static final Duration MIN_INTERVAL = Duration.ofSeconds(45);

    /// Intervals count as even if they differ by at most this part. The first three intervals of a repetition
    /// together and the fourth differ by a seventh.
    private static final int EVEN_PART = 8;

    StandstillCount with(Instant at) {
        var gap = Duration.between(last, at);
        if (heartbeats == 0 || gap.isNegative()) {
            return new StandstillCount(1, at, Duration.ZERO);
        }
        if (gap.compareTo(MIN_INTERVAL) < 0) {
            return this;
        }
        if (isEven(gap)) {
            return new StandstillCount(heartbeats + 1, at, gap);
        }
        return gap.compareTo(apart) < 0 ? this : new StandstillCount(2, at, gap);
    }

    /// Returns the count with `heartbeats` heartbeats.
    StandstillCount withHeartbeats(int heartbeats) {
        return new StandstillCount(heartbeats, last, apart);
    }

    private boolean isEven(Duration gap) {
        return gap.minus(apart).abs().multipliedBy(EVEN_PART).compareTo(apart) <= 0;
    }
}
