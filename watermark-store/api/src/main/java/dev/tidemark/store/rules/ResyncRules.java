package dev.tidemark.store.rules;

import dev.tidemark.store.ResyncStore;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.ChangeLimits;
import dev.tidemark.store.change.EventDraft;
import dev.tidemark.store.change.EventKey;
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

    private final CommittedState ledger;
    private final SyncStateQueries states;
    private final DuplicateWindowFinder overlaps;
    private final Duration margin;

    ResyncRules(CommittedState ledger, SyncStateQueries states, DuplicateWindowFinder overlaps, Duration margin) {
        this.ledger = ledger;
        this.states = states;
        this.overlaps = overlaps;
        this.margin = margin;
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
    public Collection<MailboxId> withStatesBefore(Instant moment) {
        return states.takenBefore(moment).stream()
                .filter(id -> ledger.find(id).filter(cell -> cell.enrolled).isPresent())
                .toList();
    }

    @Override
    public void forget(MailboxId mailbox, String folder) {
        ledger.change(draft -> {
            states.find(mailbox, folder).ifPresent(state -> draft.add(new Change.FolderStateRemoved(mailbox, folder)));
            return draft;
        });
    }

    @Override
    public void prepare(MailboxId mailbox, Instant since) {
        ledger.find(mailbox).ifPresent(seen -> {
            // the clocks of Exchange and Tidemark may differ, but hardly by more than the margin
            var found = overlaps.startOfResync(seen, since.minus(margin));
            ledger.change(draft -> {
                var cell = draft.edit(draft.find(mailbox).orElseThrow());
                overlaps.open(draft, cell, found);
                draft.save(cell);
                return cell;
            });
        });
    }

    @Override
    public RecoveredPage.RecoveryCounts store(RecoveredPage page) {
        return ledger.change(draft -> draft.find(page.mailbox())
                .filter(cell -> cell.enrolled)
                .map(seen -> store(draft, draft.edit(seen), page))
                .orElse(RecoveredPage.RecoveryCounts.NONE));
    }

    private RecoveredPage.RecoveryCounts store(StoreChangeSet draft, MailboxRecord cell, RecoveredPage page) {
        var state = new FolderState(page.next(), takenAt(page, draft.now()), page.complete());
        draft.add(new Change.FolderStateSaved(page.mailbox(), page.folder(), state));
        var count = RecoveredPage.RecoveryCounts.NONE;
        var news = new LinkedHashMap<EventKey, EventDraft>();
        var born = new HashSet<ObjectId>();
        for (var found : page.changes()) {
            if (found.kind() == ChangeKind.MODIFIED && born.contains(found.target())) {
                // its creation is news and reports the object's current state
                continue;
            }
            var fact = EventDraftFactory.ofFound(cell, found, page.origin());
            var stored = ledger.known().knows(draft, cell, fact.key());
            var isNew = !stored && news.putIfAbsent(fact.key(), fact) == null;
            if (isNew && found.kind() != ChangeKind.MODIFIED) {
                born.add(found.target());
            }
            count = count.plus(
                    isNew ? RecoveredPage.RecoveryCounts.one(found.kind()) : RecoveredPage.RecoveryCounts.KNOWN);
        }
        draft.append(cell, List.copyOf(news.values()), Optional.empty());
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
        var shown = Optional.of(ChangeLimits.clipped(error));
        if (ledger.find(mailbox).filter(cell -> cell.lastError.equals(shown)).isPresent()) {
            return;
        }
        ledger.change(draft -> draft.find(mailbox).filter(cell -> cell.enrolled).map(seen -> {
            var cell = draft.edit(seen);
            cell.lastError = shown;
            draft.save(cell);
            return cell;
        }));
    }

    @Override
    public void recordCompletion(MailboxId mailbox, String method, RecoveredPage.RecoveryCounts count, Duration took) {
        ledger.change(draft -> draft.find(mailbox).filter(cell -> cell.enrolled).map(seen -> {
            var cell = draft.edit(seen);
            cell.resyncSince = Optional.empty();
            cell.snapshotSince = Optional.empty();
            if (!isPendingForLive(cell)) {
                cell.clearPendingCompensation();
            }
            clearError(cell, draft.now());
            cell.duplicateWindow = cell.duplicateWindow.map(overlap -> overlap.closed(draft.now()));
            cell.state = cell.state instanceof MailboxState.Resyncing ? cell.plainState() : cell.state;
            draft.appendLifecycleEvent(cell, EventTypes.RESYNCED, fields(method, count, took));
            draft.save(cell);
            LOG.info("Mailbox {} completed its resync: {}", cell.address, count);
            return cell;
        }));
    }

    @Override
    public void requestSnapshot(MailboxId mailbox, Instant since) {
        ledger.change(draft -> draft.find(mailbox)
                .filter(cell -> cell.isServed() && cell.announcedAttempt == 0 && cell.snapshotSince.isEmpty())
                .map(seen -> {
                    var cell = draft.edit(seen);
                    cell.snapshotSince = Optional.of(since);
                    draft.save(cell);
                    return cell;
                }));
    }

    @Override
    public void recordRefresh(MailboxId mailbox, String method, RecoveredPage.RecoveryCounts count, Duration took) {
        ledger.change(draft -> draft.find(mailbox).filter(cell -> cell.enrolled).map(seen -> {
            var cell = draft.edit(seen);
            if (cell.resyncSince.isEmpty() && cell.pending.isEmpty() && !cell.degradation.isDegraded()) {
                cell.duplicateWindow = cell.duplicateWindow.map(overlap -> overlap.closed(draft.now()));
            }
            if (cell.snapshotSince.isPresent()) {
                cell.snapshotSince = Optional.empty();
                draft.appendLifecycleEvent(cell, EventTypes.RESYNCED, fields(method, count, took));
                LOG.info("Mailbox {} completed its snapshot: {}", cell.address, count);
            }
            clearError(cell, draft.now());
            draft.save(cell);
            return cell;
        }));
    }

    private static void clearError(MailboxRecord cell, Instant now) {
        if (!cell.hasPendingWork() && !cell.isTroubled(now)) {
            cell.lastError = Optional.empty();
        }
    }

    /// Returns whether a gap or an error of the live attempt is still pending. A resync beside the attempt does
    /// not repair it.
    private static boolean isPendingForLive(MailboxRecord cell) {
        return cell.due.isPresent() && cell.isLive(cell.dueForAttempt) && (cell.chain.broken() || cell.chain.ended());
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
