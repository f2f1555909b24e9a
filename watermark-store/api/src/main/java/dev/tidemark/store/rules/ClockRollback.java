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
    Instant correctPast(Instant moment) {
        return moment.isAfter(now) ? now : moment;
    }

    /// Corrects a timestamp that was in the future when stored: keeps its distance from the latest stored
    /// timestamp.
    Instant correctDue(Instant moment) {
        if (!moment.isAfter(now)) {
            return moment;
        }
        var sooner = moment.minus(ahead());
        return sooner.isAfter(now) ? sooner : now;
    }

    /// Corrects a time up to which Exchange had reported everything. A start too early costs little; a start too
    /// late loses events. The method subtracts twice the distance to the last timestamp from a time that Exchange
    /// gave, because the local clock may have run at half speed.
    Instant correctReportedUpTo(Instant moment) {
        return moment.isAfter(now) ? back(moment) : moment;
    }

    /// Corrects the start of a resync, which lies before such a time by the margin.
    Instant correctSince(Instant moment) {
        return moment.plus(margin).isAfter(now) ? back(moment) : moment;
    }

    private Instant back(Instant moment) {
        return correctPast(told.minus(Duration.between(moment, last).multipliedBy(2)));
    }

    /// Returns the timestamps of a mailbox that must not be in the future.
    static Stream<Instant> timestampsOf(MailboxRecord cell) {
        return Stream.of(
                        cell.subscribedAt(),
                        cell.lastHeardAt(),
                        cell.watermark.map(StoredWatermark::takenAt),
                        cell.backoff.lastAt(),
                        cell.duplicateWindow.map(DuplicateWindow::openedAt),
                        cell.degradation.toPushDegradation().map(PushDegradation::at),
                        cell.live.map(SubscribeAttempt::begunAt),
                        cell.pending.map(SubscribeAttempt::begunAt))
                .flatMap(Optional::stream);
    }

    /// Corrects all timestamps of a mailbox.
    void correct(MailboxRecord cell) {
        cell.subscribedAt().map(this::correctPast).ifPresent(cell::setSubscribedAt);
        cell.lastHeardAt().map(this::correctPast).ifPresent(cell::recordCallback);
        cell.watermark = cell.watermark.map(it -> new StoredWatermark(it.value(), correctReportedUpTo(it.takenAt())));
        cell.resyncSince = cell.resyncSince.map(this::correctSince);
        cell.snapshotSince = cell.snapshotSince.map(this::correctSince);
        cell.due = cell.due.map(it -> it.at(correctDue(it.notBefore())));
        cell.backoff = new CompensationBackoff(
                cell.backoff.step(), cell.backoff.lastAt().map(this::correctPast));
        cell.duplicateWindow = cell.duplicateWindow.map(it -> it.correctedFor(this));
        cell.degradation = cell.degradation.correctedFor(this);
        cell.live = cell.live.map(it -> it.begun(correctReportedUpTo(it.begunAt())));
        cell.pending = cell.pending.map(it -> it.begun(correctReportedUpTo(it.begunAt())));
    }
}
