package dev.tidemark.store.rules;

import dev.tidemark.store.FallbackStore;
import dev.tidemark.store.change.ChangeLimits;
import dev.tidemark.store.change.EventDraft;
import dev.tidemark.store.change.EventKey;
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

    private final CommittedState ledger;
    private final Duration margin;

    FallbackRules(CommittedState ledger, Duration margin) {
        this.ledger = ledger;
        this.margin = margin;
    }

    @Override
    public void degrade(MailboxId mailbox, String transport, String explanation) {
        ledger.change(draft -> draft.find(mailbox)
                .filter(cell -> cell.isServed() && !cell.degradation.isDegraded())
                .map(seen -> degrade(draft, draft.edit(seen), transport, explanation)));
    }

    private MailboxRecord degrade(StoreChangeSet draft, MailboxRecord cell, String transport, String explanation) {
        cell.requestResync(cell.resyncStart(margin));
        var since = cell.resyncSince.orElseGet(() -> startOfAttempt(draft, cell).minus(margin));
        cell.resyncSince = Optional.empty();
        cell.clearPendingCompensation();
        cell.duplicateWindow = Optional.of(DuplicateWindow.open(cell.duplicateWindow, cell.watermarkPosition, draft.now()));
        cell.degradation =
                DegradationState.of(draft.now(), since, cell.duplicateWindow.get().start());
        cell.state = cell.plainState();
        cell.lastError = Optional.of(ChangeLimits.clipped(explanation));
        var fields = new LinkedHashMap<String, Object>();
        fields.put("transport", transport);
        fields.put("compensations", (long) cell.compensationsWithoutCallback);
        cell.lastHeardAt().ifPresent(at -> fields.put("lastHeardAt", at.toString()));
        fields.put("reason", cell.lastError.get());
        draft.appendLifecycleEvent(cell, EventTypes.DEGRADED, fields);
        draft.save(cell);
        LOG.warn(
                "Push does not work for mailbox {}: {}; until it does, transport {} fetches new events",
                cell.address,
                explanation,
                transport);
        return cell;
    }

    /// Returns the start of the live attempt, for a mailbox without a watermark: Exchange has reported nothing to it.
    private static Instant startOfAttempt(StoreChangeSet draft, MailboxRecord cell) {
        return cell.live.map(SubscribeAttempt::begunAt).orElseGet(draft::now);
    }

    @Override
    public RecoveredPage.RecoveryCounts recordStreamed(MailboxId mailbox, Notification notification, Instant receivedAt) {
        return ledger.change(draft -> draft.find(mailbox)
                .filter(cell -> cell.isServed() && cell.degradation.isDegraded())
                .map(seen -> recordStreamed(draft, draft.edit(seen), notification, receivedAt))
                .orElse(RecoveredPage.RecoveryCounts.NONE));
    }

    private RecoveredPage.RecoveryCounts recordStreamed(
            StoreChangeSet draft, MailboxRecord cell, Notification notification, Instant receivedAt) {
        var count = RecoveredPage.RecoveryCounts.NONE;
        var news = new LinkedHashMap<EventKey, EventDraft>();
        var changes = EventDraftFactory.changes(notification);
        var facts = EventDraftFactory.ofNotification(cell, notification, receivedAt, EventOrigin.STREAM);
        for (var i = 0; i < facts.size(); i++) {
            var fact = facts.get(i);
            var stored = ledger.known().knows(draft, cell, fact.key());
            var isNew = !stored && news.putIfAbsent(fact.key(), fact) == null;
            count = count.plus(
                    isNew
                            ? RecoveredPage.RecoveryCounts.one(changes.get(i).kind())
                            : RecoveredPage.RecoveryCounts.KNOWN);
        }
        draft.append(cell, List.copyOf(news.values()), Optional.empty());
        return count;
    }

    @Override
    public JournalPosition mark(MailboxId mailbox) {
        return new JournalPosition(
                ledger.find(mailbox).map(cell -> cell.lastPosition).orElse(0L));
    }

    @Override
    public void recordCaughtUp(MailboxId mailbox, JournalPosition mark) {
        ledger.change(draft -> draft.find(mailbox)
                .filter(cell -> cell.degradation.isDegraded() && cell.pending.isEmpty())
                .map(seen -> recordCaughtUp(draft, draft.edit(seen), mark)));
    }

    private MailboxRecord recordCaughtUp(StoreChangeSet draft, MailboxRecord cell, JournalPosition mark) {
        var start = Math.min(mark.value(), cell.degradation.knownFrom());
        if (cell.duplicateWindow.filter(overlap -> overlap.start() >= start).isEmpty()) {
            cell.duplicateWindow = Optional.of(DuplicateWindow.open(Optional.empty(), start, draft.now()));
            ledger.known().forget(cell.id);
        }
        return cell;
    }
}
