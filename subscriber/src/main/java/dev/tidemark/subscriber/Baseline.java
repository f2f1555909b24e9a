package dev.tidemark.subscriber;

import dev.tidemark.watermark.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Against what news are told from what is old, by one look at a mailbox.
///
/// @param since what changed before, on Exchange's clock, is not news
/// @param bornSince items that came to the mailbox before are not news; earlier than `since` where a snapshot
///     is owed
/// @param retention how long the journal recognises what push has reported
/// @param now the time of what carries none
/// @param origin who looks
record Baseline(Instant since, Instant bornSince, Duration retention, Instant now, Origin origin) {
    static Baseline of(Instant since, Optional<Instant> snapshotSince, Duration retention, Instant now, Origin origin) {
        var born = snapshotSince.filter(since::isAfter).orElse(since);
        return new Baseline(since, born, retention, now, origin);
    }

    /// How old a state is, and whether what it lacks can still be told from what was told long ago.
    boolean recognises(Optional<Instant> takenAt) {
        return takenAt.filter(taken -> Duration.between(taken, now).compareTo(retention) < 0)
                .isPresent();
    }
}
