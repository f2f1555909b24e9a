package dev.tidemark.compensator;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A time in which more mailboxes need something than may start in a second, after an outage mostly.
///
/// @param done those that have been helped since it began
/// @param left those that wait, or are being helped
/// @param expectedEnd if all goes on at the rate
public record RecoveryProgress(Instant since, long done, long left, Instant expectedEnd) {
    /// The rush after another round.
    static Optional<RecoveryProgress> next(Optional<RecoveryProgress> before, Instant now, Round round) {
        if (round.left() == 0 || (before.isEmpty() && round.left() <= round.rate())) {
            return Optional.empty();
        }
        var since = before.map(RecoveryProgress::since).orElse(now);
        var done = before.map(RecoveryProgress::done).orElse(0L) + (before.isEmpty() ? 0 : round.helped());
        var end = now.plus(Duration.ofSeconds(round.left()).dividedBy(round.rate()));
        return Optional.of(new RecoveryProgress(since, done, round.left(), end));
    }

    /// How many were helped since the round before, how many are left, and how many a second may be.
    record Round(long helped, long left, int rate) {}
}
