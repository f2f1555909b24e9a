package dev.tidemark.store.rules;

import dev.tidemark.store.change.ChangeLimits;
import dev.tidemark.store.listing.MailboxColumns;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.MailboxSummary;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.PushDegradation;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Mutable state of a mailbox. A published record never changes: a unit of work edits a copy, which replaces the
/// record once the change is on stable storage. Edits are guarded by the store's write lock.
final class MailboxRecord implements MailboxSummary {
    /// Consecutive gaps and errors that set the last error; fewer are repaired without one.
    private static final int TROUBLED_AFTER = 3;

    final MailboxId id;
    MailboxAddress address;
    GroupMembership membership;
    boolean enrolled = true;
    MailboxState state = new MailboxState.New();
    long sequence;
    /// position of the newest event of this mailbox
    long lastPosition;
    /// number of the newest attempt
    long attempts;
    Optional<SubscribeAttempt> live = Optional.empty();
    Optional<SubscribeAttempt> pending = Optional.empty();
    NotificationChain chain = NotificationChain.NEW;
    Optional<StoredWatermark> watermark = Optional.empty();
    /// position of this mailbox's newest event at the receipt of the watermark
    long watermarkPosition;
    /// milliseconds since 1970, 0 if not subscribed; a number, to save memory with many mailboxes
    long subscribedMillis;
    /// milliseconds since 1970, 0 if never; a number, because every callback brings a new one
    long lastCallbackMillis;
    boolean calledBack;
    Optional<Instant> resyncSince = Optional.empty();
    /// set while a snapshot of earlier events is pending
    Optional<Instant> snapshotSince = Optional.empty();
    Optional<PendingCompensation> due = Optional.empty();
    /// number of the attempt that the pending compensation is about; the confirmation of a later one clears it
    long dueForAttempt;
    CompensationBackoff backoff = CompensationBackoff.NONE;
    int failuresFromWatermark;
    int compensationsWithoutCallback;
    Optional<EventOrigin> origin = Optional.empty();
    Optional<String> lastError = Optional.empty();
    Optional<DuplicateWindow> duplicateWindow = Optional.empty();
    /// ignore the first mismatch after an unclean stop
    boolean ignoreFirstMismatch;
    /// number of the attempt with the last journaled subscription.created
    long announcedAttempt;
    /// number of the attempt with the last journaled subscription.lost
    long lostAttempt;
    DegradationState degradation = DegradationState.NONE;
    /// source of the live attempt's last callback; a hint, in memory only
    Optional<CallbackSourceRate> callbackSource = Optional.empty();
    /// consecutive callbacks with skipped parts; in memory only
    int callbacksWithSkippedParts;
    /// heartbeats of the live attempt that did not move its watermark; in memory only
    StandstillCount standstill = StandstillCount.NONE;
    /// notifications of the live attempt that were compared with the journal; in memory only
    int compared;
    /// a heartbeat has shown that the live attempt is past its replay; in memory only
    boolean caughtUp;
    /// code of the current subscription.failed
    Optional<String> failure = Optional.empty();
    /// row in the columns of the list; only the write lock's holder reads it
    int row = MailboxColumns.NO_ROW;

    MailboxRecord(MailboxId id, MailboxAddress address, GroupMembership membership) {
        this.id = id;
        this.address = address;
        this.membership = membership;
    }

    MailboxRecord copy() {
        var copy = new MailboxRecord(id, address, membership);
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
        copy.subscribedMillis = subscribedMillis;
        copy.lastCallbackMillis = lastCallbackMillis;
        copy.calledBack = calledBack;
        copy.copyRecoveryState(this);
        return copy;
    }

    private void copyRecoveryState(MailboxRecord from) {
        resyncSince = from.resyncSince;
        snapshotSince = from.snapshotSince;
        due = from.due;
        dueForAttempt = from.dueForAttempt;
        backoff = from.backoff;
        failuresFromWatermark = from.failuresFromWatermark;
        compensationsWithoutCallback = from.compensationsWithoutCallback;
        origin = from.origin;
        lastError = from.lastError;
        duplicateWindow = from.duplicateWindow;
        ignoreFirstMismatch = from.ignoreFirstMismatch;
        announcedAttempt = from.announcedAttempt;
        lostAttempt = from.lostAttempt;
        failure = from.failure;
        degradation = from.degradation;
        callbackSource = from.callbackSource;
        callbacksWithSkippedParts = from.callbacksWithSkippedParts;
        standstill = from.standstill;
        compared = from.compared;
        caughtUp = from.caughtUp;
    }

    /// Takes over from `before` what is in memory only, unless a new attempt has begun.
    void adoptHints(MailboxRecord before) {
        if (live.isPresent() && before.isLive(live.get().number())) {
            callbackSource = before.callbackSource;
            callbacksWithSkippedParts = before.callbacksWithSkippedParts;
            standstill = before.standstill;
            compared = before.compared;
            caughtUp = before.caughtUp;
        }
    }

    EventData.MailboxRef ref() {
        return new EventData.MailboxRef(id, address, membership.group());
    }

    /// Returns the reference for the one event that outlives the mailbox.
    EventData.MailboxRef refWithoutAddress() {
        return new EventData.MailboxRef(id, Optional.empty(), membership.group());
    }

    /// Returns whether no work for this mailbox can be in progress, so that it may be forgotten.
    boolean isForgettable() {
        return !isServed();
    }

    Optional<Instant> subscribedAt() {
        return instantOf(subscribedMillis);
    }

    void setSubscribedAt(Instant at) {
        subscribedMillis = at.toEpochMilli();
    }

    Optional<Instant> lastHeardAt() {
        return instantOf(lastCallbackMillis);
    }

    private static Optional<Instant> instantOf(long millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    void recordCallback(Instant at) {
        lastCallbackMillis = at.toEpochMilli();
    }

    /// Returns whether work is pending for the mailbox, independent of lost wake-ups.
    boolean hasPendingWork() {
        return isServed()
                && (due.isPresent()
                        || resyncSince.isPresent()
                        || snapshotSince.isPresent()
                        || degradation.isDegraded());
    }

    boolean isPaused() {
        return state instanceof MailboxState.Paused;
    }

    /// Returns whether callbacks and attempts of this mailbox count.
    boolean isServed() {
        return enrolled && !isPaused();
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

    /// Ends all attempts; further callbacks get the response Unsubscribe.
    void endAttempts() {
        live = Optional.empty();
        pending = Optional.empty();
        chain = NotificationChain.NEW;
        calledBack = false;
        callbackSource = Optional.empty();
        subscribedMillis = 0;
    }

    /// Returns the state that follows from the other fields.
    MailboxState plainState() {
        if (degradation.isDegraded()) {
            return new MailboxState.Degraded();
        }
        if (live.isPresent()) {
            return resyncSince.isPresent() ? new MailboxState.Resyncing() : new MailboxState.Active();
        }
        if (pending.isPresent()) {
            return new MailboxState.Subscribing();
        }
        return announcedAttempt == 0 ? new MailboxState.New() : new MailboxState.Silent();
    }

    /// Returns the state of a mailbox that an operator's request subscribes soon.
    MailboxState stateBeforeSubscribe() {
        return live.isPresent() || degradation.isDegraded() ? plainState() : new MailboxState.Subscribing();
    }

    /// Sets the watermark. A watermark reaches at least as far as its predecessor, independent of the times of
    /// events.
    void setWatermark(StoredWatermark taken) {
        if (watermark.filter(it -> it.value().equals(taken.value())).isEmpty()) {
            failuresFromWatermark = 0;
        }
        var before = watermark.map(StoredWatermark::takenAt).filter(taken.takenAt()::isBefore);
        watermark = Optional.of(new StoredWatermark(taken.value(), before.orElse(taken.takenAt())));
        watermarkPosition = lastPosition;
    }

    /// Returns a compensation with a cause short enough to be stored.
    static PendingCompensation clipped(PendingCompensation whole) {
        var cause = ChangeLimits.clipped(whole.cause());
        return new PendingCompensation(whole.reason(), whole.notBefore(), whole.resync(), cause);
    }

    /// Schedules a compensation in addition to a pending one.
    void schedule(PendingCompensation next, long about) {
        due = Optional.of(clipped(due.map(next::together).orElse(next)));
        dueForAttempt = Math.max(dueForAttempt, about);
    }

    /// Returns whether events are missing and no compensation is scheduled for them.
    boolean hasUnscheduledGap() {
        return chain.broken() && live.isPresent() && due.isEmpty() && pending.isEmpty();
    }

    /// Returns whether it was subscribed again after silence and has not called back since.
    boolean awaitsCallbackAfterLoss() {
        return announcedAttempt > 0 && !calledBack && lostAttempt > 0;
    }

    /// Returns whether gaps or errors followed each other without a healthy period in between.
    boolean isTroubled(Instant now) {
        return backoff.at(now).step() >= TROUBLED_AFTER;
    }

    boolean asksForResync() {
        return due.filter(PendingCompensation::resync).isPresent();
    }

    void clearPendingCompensation() {
        due = Optional.empty();
        dueForAttempt = 0;
    }

    /// Clears a pending compensation for an attempt older than the live one.
    void clearCompensationForOlderAttempt() {
        if (dueForAttempt < live.orElseThrow().number()) {
            clearPendingCompensation();
        }
    }

    /// Requests a resync; the earlier of two start times counts.
    void requestResync(Optional<Instant> since) {
        if (since.isPresent()
                && resyncSince.filter(before -> !before.isAfter(since.get())).isEmpty()) {
            resyncSince = since;
        }
    }

    /// Returns the start of the resync that a subscription without a watermark needs.
    Optional<Instant> resyncStart(Duration resyncMargin) {
        return watermark.map(taken -> taken.takenAt().minus(resyncMargin));
    }

    /// Returns the times, by Tidemark's clock, to which a later sync of the mailbox may go back.
    Stream<Instant> lookBackTimes(Duration margin) {
        return Stream.of(
                        resyncSince,
                        snapshotSince,
                        resyncStart(margin),
                        degradation.toPushDegradation().map(PushDegradation::since),
                        pending.map(SubscribeAttempt::begunAt))
                .flatMap(Optional::stream);
    }

    @Override
    public MailboxId id() {
        return id;
    }

    @Override
    public MailboxAddress address() {
        return address;
    }

    @Override
    public GroupMembership membership() {
        return membership;
    }

    @Override
    public MailboxState state() {
        return state;
    }

    @Override
    public long lastHeardMillis() {
        return lastCallbackMillis;
    }

    @Override
    public long subscribedMillis() {
        return subscribedMillis;
    }

    @Override
    public Optional<StoredWatermark> watermark() {
        return watermark;
    }

    @Override
    public Optional<String> lastError() {
        return lastError;
    }

    @Override
    public Mailbox snapshot() {
        return new Mailbox(
                id,
                address,
                membership,
                state,
                live.map(it -> new AttemptId(id, it.number())),
                pending.map(it -> new AttemptId(id, it.number())),
                live.flatMap(SubscribeAttempt::subscriptionId),
                live.map(SubscribeAttempt::fingerprint).orElse(""),
                watermark,
                subscribedAt(),
                lastHeardAt(),
                calledBack,
                resyncSince,
                isPaused() ? Optional.empty() : due,
                failuresFromWatermark,
                compensationsWithoutCallback,
                origin,
                lastError,
                degradation.toPushDegradation(),
                snapshotSince);
    }
}
