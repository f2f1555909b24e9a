package dev.tidemark.watermark.rules;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ObjectId;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.MailboxState;
import dev.tidemark.watermark.Recovery;
import dev.tidemark.watermark.Resyncs;
import dev.tidemark.watermark.change.Change;
import dev.tidemark.watermark.change.ChangeLimits;
import dev.tidemark.watermark.change.EventKey;
import dev.tidemark.watermark.change.Fact;
import dev.tidemark.watermark.engine.SyncStateQueries;
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

/// [Resyncs] on the ledger.
final class ResyncRules implements Resyncs {
    private static final Logger LOG = LoggerFactory.getLogger(ResyncRules.class);

    private final Ledger ledger;
    private final SyncStateQueries states;
    private final OverlapStart overlaps;
    private final Duration margin;

    ResyncRules(Ledger ledger, SyncStateQueries states, OverlapStart overlaps, Duration margin) {
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
            // Exchange's clock and ours may differ, but hardly by more than the margin
            var found = overlaps.since(seen, since.minus(margin));
            ledger.change(draft -> {
                var cell = draft.edit(draft.find(mailbox).orElseThrow());
                overlaps.open(draft, cell, found);
                draft.save(cell);
                return cell;
            });
        });
    }

    @Override
    public Recovery.Count store(Recovery page) {
        return ledger.change(draft -> draft.find(page.mailbox())
                .filter(cell -> cell.enrolled)
                .map(seen -> store(draft, draft.edit(seen), page))
                .orElse(Recovery.Count.NONE));
    }

    private Recovery.Count store(Draft draft, Cell cell, Recovery page) {
        var state = new FolderState(page.next(), takenAt(page, draft.now()), page.complete());
        draft.add(new Change.FolderStateSaved(page.mailbox(), page.folder(), state));
        var count = Recovery.Count.NONE;
        var news = new LinkedHashMap<EventKey, Fact>();
        var born = new HashSet<ObjectId>();
        for (var found : page.changes()) {
            if (found.kind() == ChangeKind.MODIFIED && born.contains(found.target())) {
                // its creation is news and tells of the object as it is now
                continue;
            }
            var fact = FactMaker.ofFound(cell, found, page.origin());
            var stored = ledger.known().knows(draft, cell, fact.key());
            var isNew = !stored && news.putIfAbsent(fact.key(), fact) == null;
            if (isNew && found.kind() != ChangeKind.MODIFIED) {
                born.add(found.target());
            }
            count = count.plus(isNew ? Recovery.Count.one(found.kind()) : Recovery.Count.KNOWN);
        }
        draft.append(cell, List.copyOf(news.values()), Optional.empty());
        return count;
    }

    /// A state in the middle of a folder is as old as the one that the reading began with: what it leaves unread
    /// may have happened, and have been reported by push, at any time since.
    private Instant takenAt(Recovery page, Instant now) {
        return page.complete()
                ? now
                : states.find(page.mailbox(), page.folder())
                        .map(FolderState::takenAt)
                        .orElse(now);
    }

    @Override
    public void interrupted(MailboxId mailbox, String error) {
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
    public void completed(MailboxId mailbox, String method, Recovery.Count count, Duration took) {
        ledger.change(draft -> draft.find(mailbox).filter(cell -> cell.enrolled).map(seen -> {
            var cell = draft.edit(seen);
            cell.resyncSince = Optional.empty();
            cell.snapshotSince = Optional.empty();
            if (!owesForLive(cell)) {
                cell.settle();
            }
            clearError(cell, draft.now());
            cell.overlap = cell.overlap.map(overlap -> overlap.closed(draft.now()));
            cell.state = cell.state instanceof MailboxState.Resyncing ? cell.plainState() : cell.state;
            draft.tell(cell, EventTypes.RESYNCED, fields(method, count, took));
            draft.save(cell);
            LOG.info("Mailbox {} is resynchronised: {}", cell.address, count);
            return cell;
        }));
    }

    @Override
    public void oweSnapshot(MailboxId mailbox, Instant since) {
        ledger.change(draft -> draft.find(mailbox)
                .filter(cell -> cell.served() && cell.announced == 0 && cell.snapshotSince.isEmpty())
                .map(seen -> {
                    var cell = draft.edit(seen);
                    cell.snapshotSince = Optional.of(since);
                    draft.save(cell);
                    return cell;
                }));
    }

    @Override
    public void lookedOver(MailboxId mailbox, String method, Recovery.Count count, Duration took) {
        ledger.change(draft -> draft.find(mailbox).filter(cell -> cell.enrolled).map(seen -> {
            var cell = draft.edit(seen);
            if (cell.resyncSince.isEmpty() && cell.pending.isEmpty() && !cell.fallen.isSo()) {
                cell.overlap = cell.overlap.map(overlap -> overlap.closed(draft.now()));
            }
            if (cell.snapshotSince.isPresent()) {
                cell.snapshotSince = Optional.empty();
                draft.tell(cell, EventTypes.RESYNCED, fields(method, count, took));
                LOG.info("Mailbox {} has got its snapshot: {}", cell.address, count);
            }
            clearError(cell, draft.now());
            draft.save(cell);
            return cell;
        }));
    }

    private static void clearError(Cell cell, Instant now) {
        if (!cell.owes() && !cell.isTroubled(now)) {
            cell.lastError = Optional.empty();
        }
    }

    /// A gap or an error of the attempt that the resync ran beside is not healed by it.
    private static boolean owesForLive(Cell cell) {
        return cell.due.isPresent() && cell.isLive(cell.dueAbout) && (cell.chain.broken() || cell.chain.ended());
    }

    private static Map<String, Object> fields(String method, Recovery.Count count, Duration took) {
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
