package dev.tidemark.subscriber.resync;

import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.store.model.EventOrigin;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Boundary between news and old changes for one look at a mailbox.
///
/// @param since changes before, by Exchange's clock, are not news
/// @param bornSince items that came to the mailbox before, by Exchange's clock, are not news; earlier than `since`
///     if a snapshot is pending
/// @param knownSince start of the period, by our clock, for which the journal must recognize changes
/// @param retention period for which the journal recognizes the events of push
/// @param now present time by our clock, used for changes without a time
/// @param origin origin of the events
record ResyncBaseline(
        Instant since, Instant bornSince, Instant knownSince, Duration retention, Instant now, EventOrigin origin) {
    /// Converts the store's times to Exchange's clock; the only place that does so.
    static ResyncBaseline of(Since since, ExchangeClock clock, Duration retention, Instant now, EventOrigin origin) {
        var changed = clock.toExchangeTime(since.changed());
        var born =
                since.born().map(clock::toExchangeTime).filter(changed::isAfter).orElse(changed);
        return new ResyncBaseline(changed, born, clock.coveredFrom(since.changed()), retention, now, origin);
    }

    /// Start of the period in which a mailbox must be checked, by our clock.
    ///
    /// @param born start for items that came to the mailbox, if a snapshot is pending
    record Since(Instant changed, Optional<Instant> born) {}

    /// Returns whether a state is young enough for the journal to recognize the deletions since.
    boolean recognises(Optional<Instant> takenAt) {
        return takenAt.filter(taken -> Duration.between(taken, now).compareTo(retention) < 0)
                .isPresent();
    }
}
