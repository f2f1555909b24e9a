package dev.tidemark.store.rules;

import dev.tidemark.store.model.PushDegradation;
import dev.tidemark.store.model.StoredWatermark;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Corrects timestamps of a clock that was set back afterward. No timestamp counts as later than `now`; the exact
/// lead of that clock is unknown.
///
/// @param now current time
/// @param last latest stored timestamp
/// @param told time, by the local clock, of an event that Exchange had reported by then, or later
/// @param margin limit for the difference between Exchange's clock and the local one
record ClockRollback(Instant now, Instant last, Instant told, Duration margin) {
    /// Returns the minimum lead of the old clock.
    Duration ahead() {
        return Duration.between(now, last);
    }

    /// Corrects a timestamp that was in the past when stored.
    Instant past(Instant moment) {
        return moment.isAfter(now) ? now : moment;
    }

    /// Corrects a timestamp that was in the future when stored: keeps its distance from the latest stored
    /// timestamp.
    Instant due(Instant moment) {
        if (!moment.isAfter(now)) {
            return moment;
        }
        var sooner = moment.minus(ahead());
        return sooner.isAfter(now) ? sooner : now;
    }

    /// Corrects a time up to which Exchange had reported everything. A start too early costs little; a start too
    /// late loses events. The method subtracts twice the distance to the last timestamp from a time that Exchange
    /// gave, because the local clock may have run at half speed.
    Instant toldUpTo(Instant moment) {
        return moment.isAfter(now) ? back(moment) : moment;
    }

    /// Corrects the start of a resync, which lies before such a time by the margin.
    Instant since(Instant moment) {
        return moment.plus(margin).isAfter(now) ? back(moment) : moment;
    }

    private Instant back(Instant moment) {
        return past(told.minus(Duration.between(moment, last).multipliedBy(2)));
    }

    /// Returns the timestamps of a mailbox that must not be in the future.
    static Stream<Instant> signs(MailboxRecord cell) {
        return Stream.of(
                        cell.subscribedAt(),
                        cell.lastHeardAt(),
                        cell.watermark.map(StoredWatermark::takenAt),
                        cell.backoff.lastAt(),
                        cell.overlap.map(DuplicateWindow::openedAt),
                        cell.fallen.shown().map(PushDegradation::at),
                        cell.live.map(SubscribeAttempt::begunAt),
                        cell.pending.map(SubscribeAttempt::begunAt))
                .flatMap(Optional::stream);
    }

    /// Corrects all timestamps of a mailbox.
    void mend(MailboxRecord cell) {
        cell.subscribedAt().map(this::past).ifPresent(cell::subscribed);
        cell.lastHeardAt().map(this::past).ifPresent(cell::heard);
        cell.watermark = cell.watermark.map(it -> new StoredWatermark(it.value(), toldUpTo(it.takenAt())));
        cell.resyncSince = cell.resyncSince.map(this::since);
        cell.snapshotSince = cell.snapshotSince.map(this::since);
        cell.due = cell.due.map(it -> it.at(due(it.notBefore())));
        cell.backoff = new CompensationBackoff(
                cell.backoff.step(), cell.backoff.lastAt().map(this::past));
        cell.overlap = cell.overlap.map(it -> it.by(this));
        cell.fallen = cell.fallen.by(this);
        cell.live = cell.live.map(it -> it.begun(toldUpTo(it.begunAt())));
        cell.pending = cell.pending.map(it -> it.begun(toldUpTo(it.begunAt())));
    }
}
