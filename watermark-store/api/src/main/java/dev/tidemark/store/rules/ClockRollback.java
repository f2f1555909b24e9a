package dev.tidemark.store.rules;

import dev.tidemark.store.model.PushDegradation;
import dev.tidemark.store.model.StoredWatermark;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// What is to be thought of moments that were noted by a clock which was set back afterwards. None of them is
/// trusted further than `now`; how long that clock had been ahead is not known.
///
/// @param now by the clock as it is
/// @param last the latest moment that was noted
/// @param told an event of Exchange that had happened by then, at this time by our clock or later
/// @param margin what Exchange's clock and ours may differ by
record ClockRollback(Instant now, Instant last, Instant told, Duration margin) {
    /// By how much the clock was ahead, at least.
    Duration ahead() {
        return Duration.between(now, last);
    }

    /// A moment that had come when it was noted.
    Instant past(Instant moment) {
        return moment.isAfter(now) ? now : moment;
    }

    /// A moment that had not come yet: as far from now as it was from the last one that was noted.
    Instant due(Instant moment) {
        if (!moment.isAfter(now)) {
            return moment;
        }
        var sooner = moment.minus(ahead());
        return sooner.isAfter(now) ? sooner : now;
    }

    /// A moment by which Exchange had told everything. To look back too far costs little, not far enough loses
    /// something: so it is as far from one that Exchange gave as from the last one by our clock, and twice that,
    /// because our time may have gone at half its speed.
    Instant toldUpTo(Instant moment) {
        return moment.isAfter(now) ? back(moment) : moment;
    }

    /// The same less the margin.
    Instant since(Instant moment) {
        return moment.plus(margin).isAfter(now) ? back(moment) : moment;
    }

    private Instant back(Instant moment) {
        return past(told.minus(Duration.between(moment, last).multipliedBy(2)));
    }

    /// What a mailbox tells of the time: nothing of it may lie in the future.
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

    /// Brings all that is noted of a mailbox back to the present.
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
