package dev.tidemark.store.rules;

import dev.tidemark.store.FallbackStore;
import dev.tidemark.store.change.ChangeLimits;
import dev.tidemark.store.change.EventDraft;
import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.change.EventTypes;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.values.NotificationMessage.Notification;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Implements [FallbackStore] on the committed state.
final class FallbackRules implements FallbackStore {
    private static final Logger LOG = LoggerFactory.getLogger(FallbackRules.class);

    private final CommittedState committed;
    private final Duration resyncMargin;

    FallbackRules(CommittedState committed, Duration resyncMargin) {
        this.committed = committed;
        this.resyncMargin = resyncMargin;
    }

    @Override
    public void degrade(MailboxId mailbox, String transport, String explanation) {
        committed.change(changeSet -> changeSet
                .find(mailbox)
                .filter(record -> record.isServed() && !record.degradation.isDegraded())
                .map(seen -> degrade(changeSet, changeSet.edit(seen), transport, explanation)));
    }

    private MailboxRecord degrade(
            StoreChangeSet changeSet, MailboxRecord record, String transport, String explanation) {
        record.requestResync(record.resyncStart(resyncMargin));
        var since = record.resyncSince.orElseGet(
                () -> startOfAttempt(changeSet, record).minus(resyncMargin));
        record.resyncSince = Optional.empty();
        record.clearPendingCompensation();
        record.duplicateWindow =
                Optional.of(DuplicateWindow.open(record.duplicateWindow, record.watermarkPosition, changeSet.now()));
        record.degradation = DegradationState.of(
                changeSet.now(), since, record.duplicateWindow.get().start());
        record.state = record.plainState();
        record.lastError = Optional.of(ChangeLimits.clipped(explanation));
        var fields = new LinkedHashMap<String, Object>();
        fields.put("transport", transport);
        fields.put("compensations", (long) record.compensationsWithoutCallback);
        record.lastHeardAt().ifPresent(at -> fields.put("lastHeardAt", at.toString()));
        fields.put("reason", record.lastError.get());
        changeSet.appendLifecycleEvent(record, EventTypes.DEGRADED, fields);
        changeSet.save(record);
        changeSet.report(() -> LOG.warn(
                "Push does not work for mailbox {}: {}; until it does, transport {} fetches new events",
                record.address,
                explanation,
                transport));
        return record;
    }

    /// Returns the start of the live attempt, for a mailbox without a watermark: Exchange has reported nothing to
    /// it.
    private static Instant startOfAttempt(StoreChangeSet changeSet, MailboxRecord record) {
        return record.live.map(SubscribeAttempt::begunAt).orElseGet(changeSet::now);
    }

    @Override
    public RecoveredPage.RecoveryCounts recordStreamed(
            MailboxId mailbox, Notification notification, Instant receivedAt) {
        return committed.change(changeSet -> changeSet
                .find(mailbox)
                .filter(record -> record.isServed() && record.degradation.isDegraded())
                .map(seen -> recordStreamed(changeSet, changeSet.edit(seen), notification, receivedAt))
                .orElse(RecoveredPage.RecoveryCounts.NONE));
    }

    private RecoveredPage.RecoveryCounts recordStreamed(
            StoreChangeSet changeSet, MailboxRecord record, Notification notification, Instant receivedAt) {
        var count = RecoveredPage.RecoveryCounts.NONE;
        var newEvents = new LinkedHashMap<EventKey, EventDraft>();
        var changes = EventDraftFactory.changes(notification);
        var drafts = EventDraftFactory.ofNotification(record, notification, receivedAt, EventOrigin.STREAM);
        for (var i = 0; i < drafts.size(); i++) {
            var draft = drafts.get(i);
            var stored = committed.memory().known().knows(changeSet, record, draft.key());
            var isNew = !stored && newEvents.putIfAbsent(draft.key(), draft) == null;
            count = count.plus(
                    isNew
                            ? RecoveredPage.RecoveryCounts.one(changes.get(i).kind())
                            : RecoveredPage.RecoveryCounts.KNOWN);
        }
        changeSet.append(record, List.copyOf(newEvents.values()), Optional.empty());
        return count;
    }

    @Override
    public JournalPosition mark(MailboxId mailbox) {
        return new JournalPosition(
                committed.find(mailbox).map(record -> record.lastPosition).orElse(0L));
    }

    @Override
    public void recordCaughtUp(MailboxId mailbox, JournalPosition mark) {
        committed.change(changeSet -> changeSet
                .find(mailbox)
                .filter(record -> record.degradation.isDegraded() && record.pending.isEmpty())
                .map(seen -> recordCaughtUp(changeSet, changeSet.edit(seen), mark)));
    }

    private MailboxRecord recordCaughtUp(StoreChangeSet changeSet, MailboxRecord record, JournalPosition mark) {
        var start = Math.min(mark.value(), record.degradation.knownFrom());
        if (record.duplicateWindow.filter(overlap -> overlap.start() >= start).isEmpty()) {
            record.duplicateWindow = Optional.of(DuplicateWindow.open(Optional.empty(), start, changeSet.now()));
            committed.memory().known().forget(record.id);
        }
        return record;
    }
}
