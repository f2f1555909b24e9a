package dev.tidemark.subscriber;

import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.watermark.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Boundary between news and old changes for one look at a mailbox.
///
/// @param since changes before, by Exchange's clock, are not news
/// @param bornSince items that came to the mailbox before, by Exchange's clock, are not news; earlier than
///     `since` where a snapshot is pending
/// @param knownSince time by our clock from which on the journal has to recognize what is found
/// @param retention how long the journal recognizes what push has reported
/// @param now present time by our clock, the time of what carries none
/// @param origin who looks
record Baseline(Instant since, Instant bornSince, Instant knownSince, Duration retention, Instant now, Origin origin) {
    /// Converts to Exchange's clock what the store keeps by ours: the only place where that is done.
    static Baseline of(Since since, ExchangeClock clock, Duration retention, Instant now, Origin origin) {
        var changed = clock.exchanges(since.changed());
        var born = since.born().map(clock::exchanges).filter(changed::isAfter).orElse(changed);
        return new Baseline(changed, born, clock.coveredFrom(since.changed()), retention, now, origin);
    }

    /// From when on a mailbox has to be looked at, by our clock.
    ///
    /// @param born the same for items that came to the mailbox, where a snapshot is pending
    record Since(Instant changed, Optional<Instant> born) {}

    /// Returns whether a state is young enough for the journal to recognize the deletions since.
    boolean recognises(Optional<Instant> takenAt) {
        return takenAt.filter(taken -> Duration.between(taken, now).compareTo(retention) < 0)
                .isPresent();
    }
}
