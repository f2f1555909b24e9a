package dev.tidemark.watermark.rules;

import dev.tidemark.values.MailboxAddress;
import dev.tidemark.watermark.AttemptId;
import dev.tidemark.watermark.Compensation;
import dev.tidemark.watermark.Degradation;
import dev.tidemark.watermark.EventData;
import dev.tidemark.watermark.Mailbox;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.MailboxState;
import dev.tidemark.watermark.Membership;
import dev.tidemark.watermark.Origin;
import dev.tidemark.watermark.StoredWatermark;
import dev.tidemark.watermark.change.ChangeLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// What is remembered of a mailbox. A published cell is never changed: a change works on a copy, which
/// replaces the cell once the change is on stable storage.
final class Cell {
    /// Gaps and errors in a row that set the last error; fewer are repaired without one.
    private static final int TROUBLED = 3;

    final MailboxId id;
    final MailboxAddress address;
    Membership membership;
    boolean enrolled = true;
    MailboxState state = new MailboxState.New();
    long sequence;
    /// of the newest event of this mailbox
    long lastPosition;
    /// number of the newest attempt
    long attempts;
    Optional<Attempt> live = Optional.empty();
    Optional<Attempt> pending = Optional.empty();
    Chain chain = Chain.NEW;
    Optional<StoredWatermark> watermark = Optional.empty();
    /// of this mailbox's newest event when the watermark was taken
    long watermarkPosition;
    Optional<Instant> subscribedAt = Optional.empty();
    /// since 1970, 0 if never; a number because every call-back brings a new one
    long heardMillis;
    boolean calledBack;
    Optional<Instant> resyncSince = Optional.empty();
    /// set while it is owed what was there before it came to us
    Optional<Instant> snapshotSince = Optional.empty();
    Optional<Compensation> due = Optional.empty();
    /// number of the attempt that the owed compensation is about: the confirmation of a later one settles it
    long dueAbout;
    Backoff backoff = Backoff.NONE;
    int failuresFromWatermark;
    int fruitless;
    Optional<Origin> origin = Optional.empty();
    Optional<String> lastError = Optional.empty();
    Optional<Overlap> overlap = Optional.empty();
    /// the first mismatch after an unclean stop is no news
    boolean forgiving;
    /// number of the attempt whose subscription.created was journalled last
    long announced;
    /// number of the attempt whose subscription.lost was journalled last
    long lostAttempt;
    Fallen fallen = Fallen.NOT;
    /// who called back last for the live attempt; a hint, in memory only
    Optional<CallerPace> caller = Optional.empty();
    /// callbacks in a row of which a part was passed over; in memory only
    int skipping;
    /// heartbeats of the live attempt that did not move its watermark; in memory only
    StandstillCount standstill = StandstillCount.NONE;
    /// notifications of the live attempt that were compared with the journal; in memory only
    int compared;
    /// a heartbeat has shown that the live attempt is past its replay; in memory only
    boolean caughtUp;
    /// the code of the subscription.failed that stands
    Optional<String> failure = Optional.empty();

    Cell(MailboxId id, MailboxAddress address, Membership membership) {
        this.id = id;
        this.address = address;
        this.membership = membership;
    }

    Cell copy() {
        var copy = new Cell(id, address, membership);
        copy.enrolled = enrolled;
        copy.state = state;
        copy.sequence = sequence;
        copy.lastPosition = lastPosition;
        copy.attempts = attempts;
        copy.live = live;
        copy.pending = pending;
        copy.chain = chain;
        copy.watermark = watermark;
        copy.watermarkPosition = watermarkPosition;
        copy.subscribedAt = subscribedAt;
        copy.heardMillis = heardMillis;
        copy.calledBack = calledBack;
        copy.copyTroubles(this);
        return copy;
    }

    private void copyTroubles(Cell from) {
        resyncSince = from.resyncSince;
        snapshotSince = from.snapshotSince;
        due = from.due;
        dueAbout = from.dueAbout;
        backoff = from.backoff;
        failuresFromWatermark = from.failuresFromWatermark;
        fruitless = from.fruitless;
        origin = from.origin;
        lastError = from.lastError;
        overlap = from.overlap;
        forgiving = from.forgiving;
        announced = from.announced;
        lostAttempt = from.lostAttempt;
        failure = from.failure;
        fallen = from.fallen;
        caller = from.caller;
        skipping = from.skipping;
        standstill = from.standstill;
        compared = from.compared;
        caughtUp = from.caughtUp;
    }

    EventData.MailboxRef ref() {
        return new EventData.MailboxRef(id, address, membership.group());
    }

    Optional<Instant> lastHeardAt() {
        return heardMillis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(heardMillis));
    }

    void heard(Instant at) {
        heardMillis = at.toEpochMilli();
    }

    /// Whether somebody has to look after it, whatever becomes of alarms.
    boolean owes() {
        return served() && (due.isPresent() || resyncSince.isPresent() || snapshotSince.isPresent() || fallen.isSo());
    }

    boolean paused() {
        return state instanceof MailboxState.Paused;
    }

    /// Whether call-backs and attempts of this mailbox count at all.
    boolean served() {
        return enrolled && !paused();
    }

    boolean isLive(long attempt) {
        return live.filter(it -> it.number() == attempt).isPresent();
    }

    boolean isPending(long attempt) {
        return pending.filter(it -> it.number() == attempt).isPresent();
    }

    /// Returns whether the live attempt reports events soon after they happen: it replays none.
    boolean isLively() {
        return caughtUp || live.filter(it -> it.from().isEmpty()).isPresent();
    }

    /// Ends all attempts: whoever still calls back is told to stop.
    void endAttempts() {
        live = Optional.empty();
        pending = Optional.empty();
        chain = Chain.NEW;
        calledBack = false;
        caller = Optional.empty();
        subscribedAt = Optional.empty();
    }

    /// The state that follows from the rest, where nothing special holds.
    MailboxState plainState() {
        if (fallen.isSo()) {
            return new MailboxState.Degraded();
        }
        if (live.isPresent()) {
            return resyncSince.isPresent() ? new MailboxState.Resyncing() : new MailboxState.Active();
        }
        if (pending.isPresent()) {
            return new MailboxState.Subscribing();
        }
        return announced == 0 ? new MailboxState.New() : new MailboxState.Silent();
    }

    /// Returns the state of a mailbox that an operator's request subscribes soon.
    MailboxState soonSubscribed() {
        return live.isPresent() || fallen.isSo() ? plainState() : new MailboxState.Subscribing();
    }

    /// A watermark reaches as far as the one it follows, whatever the times of events say.
    void take(StoredWatermark taken) {
        if (watermark.filter(it -> it.value().equals(taken.value())).isEmpty()) {
            failuresFromWatermark = 0;
        }
        var before = watermark.map(StoredWatermark::takenAt).filter(taken.takenAt()::isBefore);
        watermark = Optional.of(new StoredWatermark(taken.value(), before.orElse(taken.takenAt())));
        watermarkPosition = lastPosition;
    }

    /// Returns a compensation that is fit to be stored.
    static Compensation clipped(Compensation whole) {
        var cause = ChangeLimits.clipped(whole.cause());
        return new Compensation(whole.reason(), whole.notBefore(), whole.resync(), cause);
    }

    /// Leaves a compensation owed besides what is owed already.
    void owe(Compensation next, long about) {
        due = Optional.of(clipped(due.map(next::together).orElse(next)));
        dueAbout = Math.max(dueAbout, about);
    }

    /// Whether something is missing that nobody is going to look for.
    boolean missesUnattended() {
        return chain.broken() && live.isPresent() && due.isEmpty() && pending.isEmpty();
    }

    /// Returns whether it was subscribed again after silence and has not called back since.
    boolean isUnheard() {
        return announced > 0 && !calledBack && lostAttempt > 0;
    }

    /// Returns whether gaps or errors followed each other without a healthy period in between.
    boolean isTroubled(Instant now) {
        return backoff.at(now).step() >= TROUBLED;
    }

    boolean asksForResync() {
        return due.filter(Compensation::resync).isPresent();
    }

    void settle() {
        due = Optional.empty();
        dueAbout = 0;
    }

    /// The live attempt settles what was owed for older ones.
    void settleByLive() {
        if (dueAbout < live.orElseThrow().number()) {
            settle();
        }
    }

    /// Leaves a resync owed, from the earlier of two moments.
    void oweResync(Optional<Instant> since) {
        if (since.isPresent()
                && resyncSince.filter(before -> !before.isAfter(since.get())).isEmpty()) {
            resyncSince = since;
        }
    }

    /// From when on a fresh subscription has to look for what the watermark would have told.
    Optional<Instant> resyncWithout(Duration margin) {
        return watermark.map(taken -> taken.takenAt().minus(margin));
    }

    /// Returns the times, by our clock, that a later look at the mailbox may go back to.
    Stream<Instant> looksBackTo(Duration margin) {
        return Stream.of(
                        resyncSince,
                        snapshotSince,
                        resyncWithout(margin),
                        fallen.shown().map(Degradation::since),
                        pending.map(Attempt::begunAt))
                .flatMap(Optional::stream);
    }

    Mailbox snapshot() {
        return new Mailbox(
                id,
                address,
                membership,
                state,
                live.map(it -> new AttemptId(id, it.number())),
                pending.map(it -> new AttemptId(id, it.number())),
                live.flatMap(Attempt::subscriptionId),
                live.map(Attempt::fingerprint).orElse(""),
                watermark,
                subscribedAt,
                lastHeardAt(),
                calledBack,
                resyncSince,
                paused() ? Optional.empty() : due,
                failuresFromWatermark,
                fruitless,
                origin,
                lastError,
                fallen.shown(),
                snapshotSince);
    }
}
