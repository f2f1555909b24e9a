package dev.tidemark.subscriber;

import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.store.model.EventOrigin;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Boundary between news and old changes for one sync of a mailbox. Exchange's clock may be set during the sync, so
/// its times are converted when a page is judged, after the page's own response has updated the clock.
///
/// @param start start of the period, by Tidemark's clock
/// @param clock clock of Exchange
/// @param preparedSince start of the period, by Tidemark's clock, for which the journal already recognizes changes
/// @param retention period for which the journal recognizes the events of push
/// @param now present time by Tidemark's clock, used for changes without a time
/// @param origin origin of the events
record ResyncBaseline(
        Since start, ExchangeClock clock, Instant preparedSince, Duration retention, Instant now, EventOrigin origin) {
    /// Returns the boundary of a sync that begins now.
    static ResyncBaseline of(Since start, ExchangeClock clock, Duration retention, Instant now, EventOrigin origin) {
        return new ResyncBaseline(start, clock, clock.coveredFrom(start.changed()), retention, now, origin);
    }

    /// Start of the period to check, by Tidemark's clock.
    ///
    /// @param born start for items that arrived in the mailbox, if a snapshot is pending
    record Since(Instant changed, Optional<Instant> born) {}

    /// Returns the time by Exchange's clock before which changes are not news.
    Instant since() {
        return clock.toExchangeTime(start.changed());
    }

    /// Returns the time by Exchange's clock before which items that arrived in the mailbox are not news; earlier
    /// than [#since] if a snapshot is pending.
    Instant bornSince() {
        var changed = since();
        return start.born().map(clock::toExchangeTime).filter(changed::isAfter).orElse(changed);
    }

    /// Returns the start of the period, by Tidemark's clock, for which the journal must recognize changes.
    Instant knownSince() {
        return clock.coveredFrom(start.changed());
    }

    /// Returns whether a state is young enough for the journal to recognize the deletions since.
    boolean recognizes(Optional<Instant> takenAt) {
        return takenAt.filter(taken -> Duration.between(taken, now).compareTo(retention) < 0)
                .isPresent();
    }
}
