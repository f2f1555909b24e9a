package dev.tidemark.subscriber.resync;

import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.store.model.EventOrigin;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Boundary between news and old changes for one sync of a mailbox.
///
/// @param since changes before this time of Exchange's clock are not news
/// @param bornSince items that arrived before this time of Exchange's clock are not news; earlier than `since`
///     if a snapshot is pending
/// @param knownSince start of the period, by Tidemark's clock, for which the journal must recognize changes
/// @param retention period for which the journal recognizes the events of push
/// @param now present time by Tidemark's clock, used for changes without a time
/// @param origin origin of the events
record ResyncBaseline(
        Instant since, Instant bornSince, Instant knownSince, Duration retention, Instant now, EventOrigin origin) {
    /// Converts the times of the store to Exchange's clock. No other code does so.
    static ResyncBaseline of(Since since, ExchangeClock clock, Duration retention, Instant now, EventOrigin origin) {
        var changed = clock.exchanges(since.changed());
        var born = since.born().map(clock::exchanges).filter(changed::isAfter).orElse(changed);
        return new ResyncBaseline(changed, born, clock.coveredFrom(since.changed()), retention, now, origin);
    }

    /// Start of the period to check, by Tidemark's clock.
    ///
    /// @param born start for items that arrived in the mailbox, if a snapshot is pending
    record Since(Instant changed, Optional<Instant> born) {}

    /// Returns whether a state is young enough for the journal to recognize the deletions since.
    boolean recognizes(Optional<Instant> takenAt) {
        return takenAt.filter(taken -> Duration.between(taken, now).compareTo(retention) < 0)
                .isPresent();
    }
}
