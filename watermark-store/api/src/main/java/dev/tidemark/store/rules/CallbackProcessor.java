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

/// Evaluates callbacks one by one and drafts the resulting changes. Called by [IntakeRules] under the write lock.
final class CallbackProcessor {
    private final DeduplicationCache known;
    private final MailboxLifecycle lifecycle;
    private final CallbackSourceTracker callers;
    private final GapStormDetector storms;
    private final OffsetRules offsets;
    private final DatabaseRollback rollback;
    private final Duration margin;

    CallbackProcessor(
            DeduplicationCache known,
            CallbackSourceTracker callers,
            GapStormDetector storms,
            OffsetRules offsets,
            DatabaseRollback rollback,
            Duration margin) {
        this.known = known;
        this.offsets = offsets;
        this.rollback = rollback;
        this.callers = callers;
        this.storms = storms;
        this.lifecycle = new MailboxLifecycle(margin);
        this.margin = margin;
    }

    IntakeOutcome process(StoreChangeSet draft, VerifiedCallback callback) {
        var attempt = callback.attempt().number();
        var seen = draft.find(callback.attempt().mailbox())
                .filter(MailboxRecord::isServed)
                .filter(cell -> cell.isLive(attempt) || cell.isPending(attempt));
        if (seen.isEmpty()) {
            return new IntakeOutcome.Superseded();
        }
        var cell = draft.edit(seen.get());
        var verdict = new IntakeOutcomeMerger();
        callback.body().messages().forEach(message -> verdict.add(process(draft, cell, callback, message)));
        lifecycle.recordSkippedParts(draft, cell, callback.body().skipped());
        return verdict.merged();
    }

    private IntakeOutcome process(
            StoreChangeSet draft, MailboxRecord seen, VerifiedCallback callback, NotificationMessage message) {
        // edit per message: a heartbeat behind an event is in no entry of the journal
        var cell = draft.edit(seen);
        return switch (message) {
            case Notification notification -> {
                var id = Optional.of(notification.subscriptionId());
                yield isAccepted(draft, cell, callback, id)
                        ? notified(draft, cell, callback, notification)
                        : new IntakeOutcome.Superseded();
            }
            case Failure failure ->
                isAccepted(draft, cell, callback, failure.subscriptionId())
                        ? failed(draft, cell, callback, failure)
                        : new IntakeOutcome.Superseded();
        };
    }

    /// Returns whether the subscription belongs to the attempt. The first callback of a pending attempt makes it
    /// live. If the response of the attempt was not seen, the callback sets the subscription id.
    private boolean isAccepted(
            StoreChangeSet draft, MailboxRecord cell, VerifiedCallback callback, Optional<SubscriptionId> id) {
        var attempt = callback.attempt().number();
        if (cell.isPending(attempt)) {
            lifecycle.goLive(draft, cell, cell.pending.orElseThrow());
        }
        var live = cell.live.orElseThrow();
        if (id.isEmpty()) {
            return true;
        }
        if (live.isOtherThan(id.get())) {
            return false;
        }
        if (live.subscriptionId().isEmpty()) {
            cell.live = Optional.of(live.withSubscriptionId(id.get()));
            draft.save(cell);
        }
        return true;
    }

    /// Must be called after a batch that was not written.
    void forgetSaved() {
        offsets.forgetSaved();
    }

    private void recordCallback(MailboxRecord cell, VerifiedCallback callback) {
        callers.recordCallback(cell, callback.from(), callback.receivedAt());
        MailboxProjector.recordCallback(cell, callback.receivedAt());
    }

    private IntakeOutcome failed(StoreChangeSet draft, MailboxRecord cell, VerifiedCallback callback, Failure failure) {
        var code = failure.code().value();
        lifecycle.restorePush(draft, cell);
        recordCallback(cell, callback);
        if (!cell.chain.ended()) {
            cell.chain = cell.chain.asEnded();
            cell.lastError = Optional.of(ChangeLimits.clipped(code + ": " + failure.text()));
            lifecycle.scheduleCompensation(draft, cell, SubscribeReason.ERROR, code);
        }
        return new IntakeOutcome.Ended(code);
    }

    private IntakeOutcome notified(
            StoreChangeSet draft, MailboxRecord cell, VerifiedCallback callback, Notification notification) {
        lifecycle.restorePush(draft, cell);
        var facts = EventDraftFactory.ofNotification(cell, notification, callback.receivedAt(), EventOrigin.PUSH);
        var link = new ChainLink(
                notification.previousWatermark(),
                notification.lastWatermark(),
                facts.stream().map(EventDraft::key).toList());
        var seen = new KnownEvents(draft, cell);
        var judgement = ChainRule.classify(cell.chain, link, seen::contains);
        var times = offsets.localTimes(cell, facts);
        var told = MailboxProjector.reportedUpTo(cell, times.reversed().stream().findFirst(), callback.receivedAt());
        offsets.learnFrom(draft, cell, notification, callback.receivedAt());
        recordCallback(cell, callback);
        rollback.check(draft, cell, link, facts, new DatabaseRollback.Arrival(callback.receivedAt(), seen::contains));
        var storm = storms.count(cell, isGap(judgement, cell, link));
        return switch (judgement) {
            case STARTS -> {
                // even for a heartbeat: a forgotten chain could start again beyond a gap
                draft.save(cell);
                yield chained(draft, cell, callback, new DecodedLink(link, facts, times, told));
            }
            case CONTINUES -> chained(draft, cell, callback, new DecodedLink(link, facts, times, told));
            case REPEATS -> repeated(cell, link);
            case BREAKS -> broken(draft, cell, callback, link, facts, new ChainBreak(seen, storm));
            case BROKEN -> stillBroken(draft, cell, callback, link, facts, storm);
        };
    }

    /// @param times times of the events, by the local clock
    /// @param upTo time, by the local clock, until which everything has been reported
    private record DecodedLink(ChainLink link, List<EventDraft> facts, List<Instant> times, Instant upTo) {}

    private record ChainBreak(KnownEvents seen, boolean storm) {}

    /// Returns whether the notification is a gap, also on a broken chain, where no further gap is reported. The
    /// first mismatch after an unclean stop is not a gap.
    private static boolean isGap(ChainRule.Classification judgement, MailboxRecord cell, ChainLink link) {
        return switch (judgement) {
            case STARTS, CONTINUES, REPEATS -> false;
            case BREAKS -> !cell.ignoreFirstMismatch;
            case BROKEN -> !ChainRule.follows(cell.chain, link);
        };
    }

    /// Events stored before a notification that is out of order; read from the journal if necessary.
    private final class KnownEvents {
        private final StoreChangeSet draft;
        private final MailboxRecord cell;
        private Optional<BackwardJournalReader.Recent> recent = Optional.empty();

        KnownEvents(StoreChangeSet draft, MailboxRecord cell) {
            this.draft = draft;
            this.cell = cell;
        }

        boolean contains(EventKey key) {
            return cell.chain.lastKeys().contains(key)
                    || draft.contains(cell.id, key)
                    || known.knows(draft, cell, key)
                    || recent().keys().contains(key);
        }

        BackwardJournalReader.Recent recent() {
            var read = recent.orElseGet(() -> known.recent(draft, cell));
            recent = Optional.of(read);
            return read;
        }
    }

    private IntakeOutcome chained(
            StoreChangeSet draft, MailboxRecord cell, VerifiedCallback callback, DecodedLink told) {
        var facts = told.facts();
        endTemporaryStates(draft, cell);
        var news = newEvents(draft, cell, facts);
        var before = cell.lastPosition;
        append(draft, cell, callback, told.link(), news, true);
        MailboxProjector.advanceChain(cell, told.link(), told.upTo(), before);
        told.times().forEach(time -> MailboxProjector.recordPassed(cell, time, margin));
        return outcomeOf(facts, news);
    }

    /// Ends the states that a callback in order ends. The journal does not record this.
    private void endTemporaryStates(StoreChangeSet draft, MailboxRecord cell) {
        // a window ends one notification late, so that the notification that passed it may still be repeated
        var isPassed = cell.duplicateWindow.filter(overlap -> overlap.isOver(draft.now())).isPresent();
        cell.duplicateWindow = cell.duplicateWindow.filter(ignored -> !isPassed);
        var wasSilent = lifecycle.onCallbackAfterSilence(cell);
        var wasInError = lifecycle.onCallbackInOrder(cell, draft.now());
        if (isPassed || wasSilent || wasInError) {
            draft.save(cell);
        }
    }

    private static IntakeOutcome repeated(MailboxRecord cell, ChainLink link) {
        if (!link.heartbeat()) {
            return new IntakeOutcome.Repeated(link.keys().size());
        }
        if (!cell.chain.broken()) {
            // its time is that of its first receipt
            var taken = cell.watermark.map(StoredWatermark::takenAt);
            taken.ifPresent(at -> MailboxProjector.advanceChain(cell, link, at, cell.chain.beforeLast()));
        }
        return new IntakeOutcome.HeartbeatOnly();
    }

    private IntakeOutcome broken(
            StoreChangeSet draft,
            MailboxRecord cell,
            VerifiedCallback callback,
            ChainLink link,
            List<EventDraft> facts,
            ChainBreak tear) {
        var counts = !cell.ignoreFirstMismatch;
        cell.ignoreFirstMismatch = false;
        // from here to the end of the coming replay
        var start = Math.min(tear.seen().recent().start(), cell.watermarkPosition);
        cell.duplicateWindow = Optional.of(DuplicateWindow.open(cell.duplicateWindow, start, draft.now()));
        if (counts && !tear.storm()) {
            lifecycle.reportGap(draft, cell, link);
        }
        var receipt = storeAfterGap(draft, cell, callback, link, facts, counts);
        scheduleUnlessStorm(draft, cell, tear.storm());
        return receipt;
    }

    /// Schedules a compensation. During a storm, the broken chain alone records that events are missing.
    private void scheduleUnlessStorm(StoreChangeSet draft, MailboxRecord cell, boolean storm) {
        if (storm) {
            draft.save(cell);
            storms.remember(cell);
        } else {
            lifecycle.scheduleCompensation(draft, cell, SubscribeReason.GAP, "notifications are missing");
        }
    }

    private IntakeOutcome stillBroken(
            StoreChangeSet draft,
            MailboxRecord cell,
            VerifiedCallback callback,
            ChainLink link,
            List<EventDraft> facts,
            boolean storm) {
        if (cell.hasUnscheduledGap() && !storm) {
            lifecycle.scheduleCompensation(draft, cell, SubscribeReason.GAP, "notifications are still missing");
        }
        var receipt = storeAfterGap(draft, cell, callback, link, facts, false);
        return link.heartbeat() ? new IntakeOutcome.HeartbeatOnly() : receipt;
    }

    /// Schedules a compensation that a gap storm delayed.
    void scheduleAfterStorm(StoreChangeSet draft, MailboxId id) {
        draft.find(id)
                .filter(MailboxRecord::isServed)
                .filter(MailboxRecord::hasUnscheduledGap)
                .ifPresent(seen -> {
                    var cell = draft.edit(seen);
                    lifecycle.scheduleCompensation(draft, cell, SubscribeReason.GAP, "notifications are missing");
                });
    }

    private IntakeOutcome storeAfterGap(
            StoreChangeSet draft,
            MailboxRecord cell,
            VerifiedCallback callback,
            ChainLink link,
            List<EventDraft> facts,
            boolean counts) {
        var before = cell.lastPosition;
        var news = newEvents(draft, cell, facts);
        append(draft, cell, callback, link, news, false);
        cell.chain = cell.chain.brokenBy(link, before);
        return new IntakeOutcome.Gap(news.size(), facts.size() - news.size(), counts);
    }

    private void append(
            StoreChangeSet draft,
            MailboxRecord cell,
            VerifiedCallback callback,
            ChainLink link,
            List<EventDraft> news,
            boolean chained) {
        var push = new JournalEntry.ChainData(
                callback.attempt().number(),
                chained,
                true,
                link.previous(),
                link.last(),
                callback.receivedAt(),
                cell.lastPosition);
        draft.append(cell, news, Optional.of(push));
    }

    /// Returns the events that are not in the journal yet. An event that is twice in the same notification counts
    /// once.
    private List<EventDraft> newEvents(StoreChangeSet draft, MailboxRecord cell, List<EventDraft> facts) {
        var news = new LinkedHashMap<EventKey, EventDraft>();
        for (var fact : facts) {
            if (!known.knows(draft, cell, fact.key())) {
                news.putIfAbsent(fact.key(), fact);
            }
        }
        return List.copyOf(news.values());
    }

    private static IntakeOutcome outcomeOf(List<EventDraft> facts, List<EventDraft> news) {
        var duplicates = facts.size() - news.size();
        if (facts.isEmpty()) {
            return new IntakeOutcome.HeartbeatOnly();
        }
        return news.isEmpty()
                ? new IntakeOutcome.Repeated(duplicates)
                : new IntakeOutcome.Stored(news.size(), duplicates);
    }
}
