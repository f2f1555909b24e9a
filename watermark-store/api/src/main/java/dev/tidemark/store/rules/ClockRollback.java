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
/// @param reportedAt time, by the local clock, of an event that Exchange had reported by then, or later
/// @param margin limit for the difference between Exchange's clock and the local one
record ClockRollback(Instant now, Instant last, Instant reportedAt, Duration margin) {
    /// Returns the minimum lead of the old clock.
    Duration ahead() {
        return Duration.between(now, last);
    }

    /// Corrects a timestamp that was in the past when stored.
    Instant correctPast(Instant time) {
        return time.isAfter(now) ? now : time;
    }

    /// Corrects a timestamp that was in the future when stored: keeps its distance from the latest stored
    /// timestamp.
    Instant correctDue(Instant time) {
        if (!time.isAfter(now)) {
            return time;
        }
        var sooner = time.minus(ahead());
        return sooner.isAfter(now) ? sooner : now;
    }

    /// Corrects a time up to which Exchange had reported everything. A start too early costs little; a start too
    /// late loses events. The method subtracts twice the distance to the last timestamp from a time that Exchange
    /// gave. The local clock may have run at half speed.
    Instant correctReportedUpTo(Instant time) {
        return time.isAfter(now) ? back(time) : time;
    }

    /// Corrects the start of a resync, which lies before such a time by the margin.
    Instant correctSince(Instant time) {
        return time.plus(margin).isAfter(now) ? back(time) : time;
    }

    private Instant back(Instant time) {
        return correctPast(reportedAt.minus(Duration.between(time, last).multipliedBy(2)));
    }

    /// Returns the timestamps of a mailbox that must not be in the future.
    static Stream<Instant> timestampsOf(MailboxRecord record) {
        return Stream.of(
                        record.subscribedAt(),
                        record.lastHeardAt(),
                        record.watermark.map(StoredWatermark::takenAt),
                        record.backoff.lastAt(),
                        record.duplicateWindow.map(DuplicateWindow::openedAt),
                        record.degradation.toPushDegradation().map(PushDegradation::at),
                        record.live.map(SubscribeAttempt::begunAt),
                        record.pending.map(SubscribeAttempt::begunAt))
                .flatMap(Optional::stream);
    }

    /// Corrects all timestamps of a mailbox.
    void correct(MailboxRecord record) {
        record.subscribedAt().map(this::correctPast).ifPresent(record::setSubscribedAt);
        record.lastHeardAt().map(this::correctPast).ifPresent(record::recordCallback);
        record.watermark =
                record.watermark.map(it -> new StoredWatermark(it.value(), correctReportedUpTo(it.takenAt())));
        record.resyncSince = record.resyncSince.map(this::correctSince);
        record.snapshotSince = record.snapshotSince.map(this::correctSince);
        record.due = record.due.map(it -> it.at(correctDue(it.notBefore())));
        record.backoff = new CompensationBackoff(
                record.backoff.step(), record.backoff.lastAt().map(this::correctPast));
        record.duplicateWindow = record.duplicateWindow.map(it -> it.correctedFor(this));
        record.degradation = record.degradation.correctedFor(this);
        record.live = record.live.map(it -> it.begun(correctReportedUpTo(it.begunAt())));
        record.pending = record.pending.map(it -> it.begun(correctReportedUpTo(it.begunAt())));
    }
}
