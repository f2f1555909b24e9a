package dev.tidemark.store.rules;

import dev.tidemark.store.change.ChangeLimits;
import dev.tidemark.store.change.EventDraft;
import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.NotificationMessage.Failure;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SubscriptionId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Evaluates callbacks one by one and drafts the resulting changes. Called by [IntakeRules] under the write lock.
final class CallbackProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(CallbackProcessor.class);

    private final DeduplicationCache known;
    private final MailboxLifecycle lifecycle;
    private final CallbackSourceTracker callers;
    private final GapStormDetector storms;
    private final OffsetRules offsets;
    private final DatabaseRollback rollback;
    private final Duration resyncMargin;

    CallbackProcessor(
            DeduplicationCache known,
            CallbackSourceTracker callers,
            GapStormDetector storms,
            OffsetRules offsets,
            DatabaseRollback rollback,
            Duration resyncMargin) {
        this.known = known;
        this.offsets = offsets;
        this.rollback = rollback;
        this.callers = callers;
        this.storms = storms;
        this.lifecycle = new MailboxLifecycle(resyncMargin);
        this.resyncMargin = resyncMargin;
    }

    IntakeOutcome process(StoreChangeSet changeSet, VerifiedCallback callback) {
        var attempt = callback.attempt().number();
        var seen = changeSet
                .find(callback.attempt().mailbox())
                .filter(MailboxRecord::isServed)
                .filter(record -> record.isLive(attempt) || record.isPending(attempt));
        if (seen.isEmpty()) {
            return new IntakeOutcome.Superseded();
        }
        var record = changeSet.edit(seen.get());
        var merger = new IntakeOutcomeMerger();
        callback.body().messages().forEach(message -> merger.add(process(changeSet, record, callback, message)));
        lifecycle.recordSkippedParts(changeSet, record, callback.body().skipped());
        return merger.merged();
    }

    private IntakeOutcome process(
            StoreChangeSet changeSet, MailboxRecord seen, VerifiedCallback callback, NotificationMessage message) {
        // edit per message: a heartbeat behind an event is in no entry of the journal
        var record = changeSet.edit(seen);
        return switch (message) {
            case Notification notification -> {
                var id = Optional.of(notification.subscriptionId());
                yield isAccepted(changeSet, record, callback, id)
                        ? notified(changeSet, record, callback, notification)
                        : new IntakeOutcome.Superseded();
            }
            case Failure failure ->
                isAccepted(changeSet, record, callback, failure.subscriptionId())
                        ? failed(changeSet, record, callback, failure)
                        : new IntakeOutcome.Superseded();
        };
    }

    /// Returns whether the subscription belongs to the attempt. The first callback of a pending attempt makes it
    /// live. If the response of the attempt was not seen, the callback sets the subscription id.
    private boolean isAccepted(
            StoreChangeSet changeSet, MailboxRecord record, VerifiedCallback callback, Optional<SubscriptionId> id) {
        var attempt = callback.attempt().number();
        if (record.isPending(attempt)) {
            lifecycle.goLive(changeSet, record, record.pending.orElseThrow());
        }
        var live = record.live.orElseThrow();
        if (id.isEmpty()) {
            return true;
        }
        if (live.isOtherThan(id.get())) {
            return false;
        }
        if (live.subscriptionId().isEmpty()) {
            record.live = Optional.of(live.withSubscriptionId(id.get()));
            changeSet.save(record);
        }
        return true;
    }

    /// Must be called after a batch that was not written.
    void forgetSaved() {
        offsets.forgetSaved();
    }

    private void recordCallback(MailboxRecord record, VerifiedCallback callback) {
        callers.recordCallback(record, callback.from(), callback.receivedAt());
        MailboxProjector.recordCallback(record, callback.receivedAt());
    }

    private IntakeOutcome failed(
            StoreChangeSet changeSet, MailboxRecord record, VerifiedCallback callback, Failure failure) {
        var code = failure.code().value();
        lifecycle.restorePush(changeSet, record);
        recordCallback(record, callback);
        if (!record.chain.ended()) {
            record.chain = record.chain.asEnded();
            record.lastError = Optional.of(ChangeLimits.clipped(code + ": " + failure.text()));
            lifecycle.scheduleCompensation(changeSet, record, SubscribeReason.ERROR, code);
        }
        return new IntakeOutcome.Ended(code);
    }

    private IntakeOutcome notified(
            StoreChangeSet changeSet, MailboxRecord record, VerifiedCallback callback, Notification notification) {
        lifecycle.restorePush(changeSet, record);
        var drafts = EventDraftFactory.ofNotification(record, notification, callback.receivedAt(), EventOrigin.PUSH);
        var link = new ChainLink(
                notification.previousWatermark(),
                notification.lastWatermark(),
                drafts.stream().map(EventDraft::key).toList());
        var seen = new KnownEvents(changeSet, record);
        var classification = ChainRule.classify(record.chain, link, seen::contains);
        var times = offsets.localTimes(record, drafts);
        var reportedUpTo =
                MailboxProjector.reportedUpTo(record, times.reversed().stream().findFirst(), callback.receivedAt());
        offsets.learnFrom(changeSet, record, notification, callback.receivedAt());
        recordCallback(record, callback);
        rollback.check(
                changeSet, record, link, drafts, new DatabaseRollback.Arrival(callback.receivedAt(), seen::contains));
        var storm = storms.count(record, isGap(classification, record, link));
        return switch (classification) {
            case STARTS -> {
                // even for a heartbeat: a forgotten chain could start again beyond a gap
                changeSet.save(record);
                yield chained(changeSet, record, callback, new DecodedLink(link, drafts, times, reportedUpTo));
            }
            case CONTINUES -> chained(changeSet, record, callback, new DecodedLink(link, drafts, times, reportedUpTo));
            case REPEATS -> repeated(record, link);
            case BREAKS -> broken(changeSet, record, callback, link, drafts, new ChainBreak(seen, storm));
            case BROKEN -> stillBroken(changeSet, record, callback, link, drafts, storm);
        };
    }

    /// @param times times of the events, by the local clock
    /// @param upTo time, by the local clock, until which everything has been reported
    private record DecodedLink(ChainLink link, List<EventDraft> drafts, List<Instant> times, Instant upTo) {}

    private record ChainBreak(KnownEvents seen, boolean storm) {}

    /// Returns whether the notification is a gap, also on a broken chain, where no further gap is reported. The
    /// first mismatch after an unclean stop is not a gap.
    private static boolean isGap(ChainRule.Classification classification, MailboxRecord record, ChainLink link) {
        return switch (classification) {
            case STARTS, CONTINUES, REPEATS -> false;
            case BREAKS -> !record.ignoreFirstMismatch;
            case BROKEN -> !ChainRule.follows(record.chain, link);
        };
    }

    /// Events stored before a notification that is out of order; read from the journal if necessary.
    private final class KnownEvents {
        private final StoreChangeSet changeSet;
        private final MailboxRecord record;
        private Optional<BackwardJournalReader.Recent> recent = Optional.empty();

        KnownEvents(StoreChangeSet changeSet, MailboxRecord record) {
            this.changeSet = changeSet;
            this.record = record;
        }

        boolean contains(EventKey key) {
            return record.chain.lastKeys().contains(key)
                    || changeSet.contains(record.id, key)
                    || known.knows(changeSet, record, key)
                    || recent().keys().contains(key);
        }

        BackwardJournalReader.Recent recent() {
            var read = recent.orElseGet(() -> known.recent(changeSet, record));
            recent = Optional.of(read);
            return read;
        }
    }

    private IntakeOutcome chained(
            StoreChangeSet changeSet, MailboxRecord record, VerifiedCallback callback, DecodedLink decoded) {
        var drafts = decoded.drafts();
        endTemporaryStates(changeSet, record);
        var newEvents = newEvents(changeSet, record, drafts);
        var before = record.lastPosition;
        append(changeSet, record, callback, decoded.link(), newEvents, true);
        MailboxProjector.advanceChain(record, decoded.link(), decoded.upTo(), before);
        decoded.times().forEach(time -> MailboxProjector.recordPassed(record, time, resyncMargin));
        return outcomeOf(drafts, newEvents);
    }

    /// Ends the states that a callback in order ends. The journal does not record this.
    private void endTemporaryStates(StoreChangeSet changeSet, MailboxRecord record) {
        // a window ends one notification late, so that the notification that passed it may still be repeated
        var isPassed = record.duplicateWindow
                .filter(overlap -> overlap.isOver(changeSet.now()))
                .isPresent();
        record.duplicateWindow = record.duplicateWindow.filter(ignored -> !isPassed);
        var wasSilent = lifecycle.onCallbackAfterSilence(record);
        var wasInError = lifecycle.onCallbackInOrder(record, changeSet.now());
        if (isPassed || wasSilent || wasInError) {
            changeSet.save(record);
        }
    }

    private static IntakeOutcome repeated(MailboxRecord record, ChainLink link) {
        if (!link.heartbeat()) {
            return new IntakeOutcome.Repeated(link.keys().size());
        }
        if (!record.chain.broken()) {
            // its time is that of its first receipt
            var taken = record.watermark.map(StoredWatermark::takenAt);
            taken.ifPresent(at -> MailboxProjector.advanceChain(record, link, at, record.chain.beforeLast()));
        }
        return new IntakeOutcome.HeartbeatOnly();
    }

    private IntakeOutcome broken(
            StoreChangeSet changeSet,
            MailboxRecord record,
            VerifiedCallback callback,
            ChainLink link,
            List<EventDraft> drafts,
            ChainBreak chainBreak) {
        var counts = !record.ignoreFirstMismatch;
        record.ignoreFirstMismatch = false;
        // from here to the end of the coming replay
        var start = Math.min(chainBreak.seen().recent().start(), record.watermarkPosition);
        record.duplicateWindow = Optional.of(DuplicateWindow.open(record.duplicateWindow, start, changeSet.now()));
        if (counts && !chainBreak.storm()) {
            lifecycle.reportGap(changeSet, record, link);
        }
        var outcome = storeAfterGap(changeSet, record, callback, link, drafts, counts);
        scheduleUnlessStorm(changeSet, record, chainBreak.storm());
        return outcome;
    }

    /// Schedules a compensation. During a storm, the broken chain alone records that events are missing.
    private void scheduleUnlessStorm(StoreChangeSet changeSet, MailboxRecord record, boolean storm) {
        if (storm) {
            changeSet.save(record);
            storms.remember(record);
        } else {
            lifecycle.scheduleCompensation(changeSet, record, SubscribeReason.GAP, "notifications are missing");
        }
    }

    private IntakeOutcome stillBroken(
            StoreChangeSet changeSet,
            MailboxRecord record,
            VerifiedCallback callback,
            ChainLink link,
            List<EventDraft> drafts,
            boolean storm) {
        if (record.hasUnscheduledGap() && !storm) {
            lifecycle.scheduleCompensation(changeSet, record, SubscribeReason.GAP, "notifications are still missing");
        }
        var outcome = storeAfterGap(changeSet, record, callback, link, drafts, false);
        return link.heartbeat() ? new IntakeOutcome.HeartbeatOnly() : outcome;
    }

    /// Schedules a compensation that a gap storm delayed.
    void scheduleAfterStorm(StoreChangeSet changeSet, MailboxId id) {
        changeSet
                .find(id)
                .filter(MailboxRecord::isServed)
                .filter(MailboxRecord::hasUnscheduledGap)
                .ifPresent(seen -> {
                    var record = changeSet.edit(seen);
                    lifecycle.scheduleCompensation(changeSet, record, SubscribeReason.GAP, "notifications are missing");
                });
    }

    private IntakeOutcome storeAfterGap(
            StoreChangeSet changeSet,
            MailboxRecord record,
            VerifiedCallback callback,
            ChainLink link,
            List<EventDraft> drafts,
            boolean counts) {
        var before = record.lastPosition;
        var newEvents = newEvents(changeSet, record, drafts);
        append(changeSet, record, callback, link, newEvents, false);
        record.chain = record.chain.brokenBy(link, before);
        return new IntakeOutcome.Gap(newEvents.size(), drafts.size() - newEvents.size(), counts);
    }

    private void append(
            StoreChangeSet changeSet,
            MailboxRecord record,
            VerifiedCallback callback,
            ChainLink link,
            List<EventDraft> newEvents,
            boolean chained) {
        var push = new JournalEntry.ChainData(
                callback.attempt().number(),
                chained,
                true,
                link.previous(),
                link.last(),
                callback.receivedAt(),
                record.lastPosition);
        changeSet.append(record, newEvents, Optional.of(push));
        if (callback.trace().isOn()) {
            newEvents.forEach(
                    draft -> callback.trace().addEvent(draft.key().id().value()));
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "Callback of {} received at {} adds events {}",
                    callback.attempt(),
                    callback.receivedAt(),
                    newEvents.stream().map(draft -> draft.key().id().value()).toList());
        }
    }

    /// Returns the events that are not in the journal yet. An event that is twice in the same notification counts
    /// once.
    private List<EventDraft> newEvents(StoreChangeSet changeSet, MailboxRecord record, List<EventDraft> drafts) {
        var newEvents = new LinkedHashMap<EventKey, EventDraft>();
        for (var draft : drafts) {
            if (!known.knows(changeSet, record, draft.key())) {
                newEvents.putIfAbsent(draft.key(), draft);
            }
        }
        return List.copyOf(newEvents.values());
    }

    private static IntakeOutcome outcomeOf(List<EventDraft> drafts, List<EventDraft> newEvents) {
        var duplicates = drafts.size() - newEvents.size();
        if (drafts.isEmpty()) {
            return new IntakeOutcome.HeartbeatOnly();
        }
        return newEvents.isEmpty()
                ? new IntakeOutcome.Repeated(duplicates)
                : new IntakeOutcome.Stored(newEvents.size(), duplicates);
    }
}
