package dev.tidemark.subscriber;

import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.watermark.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Boundary between news and old changes for one look at a mailbox. Exchange's clock may be set while the look is under
/// way, so its times are converted when a page is judged, after the clock has been read from that page's response.
///
/// @param start start of the period, by our clock
/// @param clock clock of Exchange
/// @param preparedSince start of the period, by our clock, for which the journal recognizes changes already
/// @param retention period for which the journal recognizes the events of push
/// @param now present time by our clock, used for changes without a time
/// @param origin origin of the events
record Baseline(
        Since start, ExchangeClock clock, Instant preparedSince, Duration retention, Instant now, Origin origin) {
    /// Returns the boundary of a look that begins now.
    static Baseline of(Since start, ExchangeClock clock, Duration retention, Instant now, Origin origin) {
        return new Baseline(start, clock, clock.coveredFrom(start.changed()), retention, now, origin);
    }

    /// Start of the period in which a mailbox must be checked, by our clock.
    ///
    /// @param born start for items that came to the mailbox, if a snapshot is pending
    record Since(Instant changed, Optional<Instant> born) {}

    /// Returns the time by Exchange's clock before which changes are not news.
    Instant since() {
        return clock.exchanges(start.changed());
    }

    /// Returns the time by Exchange's clock before which items that came to the mailbox are not news; earlier than
    /// [#since] if a snapshot is pending.
    Instant bornSince() {
        var changed = since();
        return start.born().map(clock::exchanges).filter(changed::isAfter).orElse(changed);
    }

    /// Returns the start of the period, by our clock, for which the journal must recognize changes.
    Instant knownSince() {
        return clock.coveredFrom(start.changed());
    }

    /// Returns whether a state is young enough for the journal to recognize the deletions since.
    boolean recognises(Optional<Instant> takenAt) {
        return takenAt.filter(taken -> Duration.between(taken, now).compareTo(retention) < 0)
                .isPresent();
    }
}
