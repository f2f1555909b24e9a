package dev.tidemark.compensator;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Progress of a mass recovery: a period in which more mailboxes need a repair than may start per second,
/// usually after an outage.
///
/// @param done mailboxes repaired since its start
/// @param remaining mailboxes that wait or are being repaired
/// @param expectedEnd end of the recovery at the configured rate
public record RecoveryProgress(Instant since, long done, long remaining, Instant expectedEnd) {
    /// Returns the progress after another round.
    static Optional<RecoveryProgress> next(Optional<RecoveryProgress> before, Instant now, Round round) {
        if (round.remaining() == 0 || (before.isEmpty() && round.remaining() <= round.rate())) {
            return Optional.empty();
        }
        var since = before.map(RecoveryProgress::since).orElse(now);
        var done = before.map(RecoveryProgress::done).orElse(0L) + (before.isEmpty() ? 0 : round.succeeded());
        var end = now.plus(Duration.ofSeconds(round.remaining()).dividedBy(round.rate()));
        return Optional.of(new RecoveryProgress(since, done, round.remaining(), end));
    }

    /// Repairs since the previous round, mailboxes left, and limit of repairs per second.
    record Round(long succeeded, long remaining, int rate) {}
}
