package dev.tidemark.store.rules;

import dev.tidemark.store.ResyncStore;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ChangeLimits;
import dev.tidemark.store.change.EventDraft;
import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.change.EventTypes;
import dev.tidemark.store.engine.SyncStateQueries;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ObjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Implements [ResyncStore] on the committed state.
final class ResyncRules implements ResyncStore {
    private static final Logger LOG = LoggerFactory.getLogger(ResyncRules.class);

    private final CommittedState committed;
    private final SyncStateQueries states;
    private final DuplicateWindowFinder overlaps;
    private final Duration resyncMargin;

    ResyncRules(
            CommittedState committed, SyncStateQueries states, DuplicateWindowFinder overlaps, Duration resyncMargin) {
        this.committed = committed;
        this.states = states;
        this.overlaps = overlaps;
        this.resyncMargin = resyncMargin;
    }

    @Override
    public Optional<FolderState> state(MailboxId mailbox, String folder) {
        return states.find(mailbox, folder);
    }

    @Override
    public Map<String, FolderState> states(MailboxId mailbox) {
        return states.all(mailbox);
    }

    @Override
    public Collection<MailboxId> withStatesBefore(Instant time) {
        return states.takenBefore(time).stream()
                .filter(id ->
                        committed.find(id).filter(record -> record.enrolled).isPresent())
                .toList();
    }

    @Override
    public void forget(MailboxId mailbox, String folder) {
        committed.change(changeSet -> {
            states.find(mailbox, folder)
                    .ifPresent(state -> changeSet.add(new Change.FolderStateRemoved(mailbox, folder)));
            return changeSet;
        });
    }

    @Override
    public void prepare(MailboxId mailbox, Instant since) {
        committed.find(mailbox).ifPresent(seen -> {
            // the clocks of Exchange and Tidemark may differ, but hardly by more than the margin
            var found = overlaps.startOfResync(seen, since.minus(resyncMargin));
            // an operator may have had it forgotten meanwhile
            committed.change(
                    changeSet -> changeSet.find(mailbox).map(changeSet::edit).map(record -> {
                        overlaps.open(changeSet, record, found);
                        changeSet.save(record);
                        return record;
                    }));
        });
    }

    @Override
    public RecoveredPage.RecoveryCounts store(RecoveredPage page) {
        return committed.change(changeSet -> changeSet
                .find(page.mailbox())
                .filter(record -> record.enrolled)
                .map(seen -> store(changeSet, changeSet.edit(seen), page))
                .orElse(RecoveredPage.RecoveryCounts.NONE));
    }

    private RecoveredPage.RecoveryCounts store(StoreChangeSet changeSet, MailboxRecord record, RecoveredPage page) {
        var state = new FolderState(page.next(), takenAt(page, changeSet.now()), page.complete());
        changeSet.add(new Change.FolderStateSaved(page.mailbox(), page.folder(), state));
        var count = RecoveredPage.RecoveryCounts.NONE;
        var newEvents = new LinkedHashMap<EventKey, EventDraft>();
        var createdItems = new HashSet<ObjectId>();
        for (var found : page.changes()) {
            if (found.kind() == ChangeKind.MODIFIED && createdItems.contains(found.target())) {
                // its creation is news and reports the object's current state
                continue;
            }
            var draft = EventDraftFactory.ofFound(record, found, page.origin());
            var stored = committed.memory().known().knows(changeSet, record, draft.key());
            var isNew = !stored && newEvents.putIfAbsent(draft.key(), draft) == null;
            if (isNew && found.kind() != ChangeKind.MODIFIED) {
                createdItems.add(found.target());
            }
            count = count.plus(
                    isNew ? RecoveredPage.RecoveryCounts.one(found.kind()) : RecoveredPage.RecoveryCounts.KNOWN);
        }
        changeSet.append(record, List.copyOf(newEvents.values()), Optional.empty());
        return count;
    }

    /// Returns the time of a state. A state within a folder has the time of the state that the sync started from.
    /// Push may have reported the events that it leaves unread at any time since.
    private Instant takenAt(RecoveredPage page, Instant now) {
        return page.complete()
                ? now
                : states.find(page.mailbox(), page.folder())
                        .map(FolderState::takenAt)
                        .orElse(now);
    }

    @Override
    public void recordInterruption(MailboxId mailbox, String error) {
        var lastError = Optional.of(ChangeLimits.clipped(error));
        if (committed
                .find(mailbox)
                .filter(record -> record.lastError.equals(lastError))
                .isPresent()) {
            return;
        }
        committed.change(changeSet -> changeSet
                .find(mailbox)
                .filter(record -> record.enrolled)
                .map(seen -> {
                    var record = changeSet.edit(seen);
                    record.lastError = lastError;
                    changeSet.save(record);
                    return record;
                }));
    }

    @Override
    public void recordCompletion(MailboxId mailbox, String method, RecoveredPage.RecoveryCounts count, Duration took) {
        committed.change(changeSet -> changeSet
                .find(mailbox)
                .filter(record -> record.enrolled)
                .map(seen -> {
                    var record = changeSet.edit(seen);
                    record.resyncSince = Optional.empty();
                    record.snapshotSince = Optional.empty();
                    if (!isPendingForLive(record)) {
                        record.clearPendingCompensation();
                    }
                    clearError(record, changeSet.now());
                    record.duplicateWindow = record.duplicateWindow.map(overlap -> overlap.closed(changeSet.now()));
                    record.state = record.state instanceof MailboxState.Resyncing ? record.plainState() : record.state;
                    changeSet.appendLifecycleEvent(record, EventTypes.RESYNCED, fields(method, count, took));
                    changeSet.save(record);
                    changeSet.report(() -> LOG.info("Mailbox {} completed its resync: {}", record.address, count));
                    return record;
                }));
    }

    @Override
    public void requestSnapshot(MailboxId mailbox, Instant since) {
        committed.change(changeSet -> changeSet
                .find(mailbox)
                .filter(record -> record.isServed() && record.announcedAttempt == 0 && record.snapshotSince.isEmpty())
                .map(seen -> {
                    var record = changeSet.edit(seen);
                    record.snapshotSince = Optional.of(since);
                    changeSet.save(record);
                    return record;
                }));
    }

    @Override
    public void recordRefresh(MailboxId mailbox, String method, RecoveredPage.RecoveryCounts count, Duration took) {
        committed.change(changeSet -> changeSet
                .find(mailbox)
                .filter(record -> record.enrolled)
                .map(seen -> {
                    var record = changeSet.edit(seen);
                    if (record.resyncSince.isEmpty() && record.pending.isEmpty() && !record.degradation.isDegraded()) {
                        record.duplicateWindow = record.duplicateWindow.map(overlap -> overlap.closed(changeSet.now()));
                    }
                    if (record.snapshotSince.isPresent()) {
                        record.snapshotSince = Optional.empty();
                        changeSet.appendLifecycleEvent(record, EventTypes.RESYNCED, fields(method, count, took));
                        changeSet.report(
                                () -> LOG.info("Mailbox {} completed its snapshot: {}", record.address, count));
                    }
                    clearError(record, changeSet.now());
                    changeSet.save(record);
                    return record;
                }));
    }

    private static void clearError(MailboxRecord record, Instant now) {
        if (!record.hasPendingWork() && !record.isTroubled(now)) {
            record.lastError = Optional.empty();
        }
    }

    /// Returns whether a gap or an error of the live attempt is still pending. A resync beside the attempt does
    /// not repair it.
    private static boolean isPendingForLive(MailboxRecord record) {
        return record.due.isPresent()
                && record.isLive(record.dueForAttempt)
                && (record.chain.broken() || record.chain.ended());
    }

    private static Map<String, Object> fields(String method, RecoveredPage.RecoveryCounts count, Duration took) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("method", method);
        fields.put("created", (long) count.created());
        fields.put("modified", (long) count.modified());
        fields.put("deleted", (long) count.deleted());
        fields.put("duplicatesSuppressed", (long) count.duplicatesSuppressed());
        fields.put("durationMs", took.toMillis());
        return fields;
    }
}
