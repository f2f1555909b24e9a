package dev.tidemark.watermark.rules;

import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.watermark.Fallbacks;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.Origin;
import dev.tidemark.watermark.Position;
import dev.tidemark.watermark.Recovery;
import dev.tidemark.watermark.change.ChangeLimits;
import dev.tidemark.watermark.change.EventKey;
import dev.tidemark.watermark.change.Fact;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// [Fallbacks] on the ledger.
final class FallbackRules implements Fallbacks {
    private static final Logger LOG = LoggerFactory.getLogger(FallbackRules.class);

    private final Ledger ledger;
    private final Duration margin;

    FallbackRules(Ledger ledger, Duration margin) {
        this.ledger = ledger;
        this.margin = margin;
    }

    @Override
    public void degrade(MailboxId mailbox, String transport, String explanation) {
        ledger.change(draft -> draft.find(mailbox)
                .filter(cell -> cell.served() && !cell.fallen.isSo())
                .map(seen -> degrade(draft, draft.edit(seen), transport, explanation)));
    }

    private Cell degrade(Draft draft, Cell cell, String transport, String explanation) {
        cell.oweResync(cell.resyncWithout(margin));
        var since = cell.resyncSince.orElseGet(() -> begun(draft, cell).minus(margin));
        cell.resyncSince = Optional.empty();
        cell.settle();
        cell.overlap = Optional.of(Overlap.open(cell.overlap, cell.watermarkPosition, draft.now()));
        cell.fallen = Fallen.fell(draft.now(), since, cell.overlap.get().start());
        cell.state = cell.plainState();
        cell.lastError = Optional.of(ChangeLimits.clipped(explanation));
        var fields = new LinkedHashMap<String, Object>();
        fields.put("transport", transport);
        fields.put("compensations", (long) cell.fruitless);
        cell.lastHeardAt().ifPresent(at -> fields.put("lastHeardAt", at.toString()));
        fields.put("reason", cell.lastError.get());
        draft.tell(cell, EventTypes.DEGRADED, fields);
        draft.save(cell);
        LOG.warn(
                "Push does not work for mailbox {}: {}; until it does, transport {} fetches what is new",
                cell.address,
                explanation,
                transport);
        return cell;
    }

    /// A mailbox without a watermark was never told anything.
    private static Instant begun(Draft draft, Cell cell) {
        return cell.live.map(Attempt::begunAt).orElseGet(draft::now);
    }

    @Override
    public Recovery.Count streamed(MailboxId mailbox, Notification notification, Instant receivedAt) {
        return ledger.change(draft -> draft.find(mailbox)
                .filter(cell -> cell.served() && cell.fallen.isSo())
                .map(seen -> streamed(draft, draft.edit(seen), notification, receivedAt))
                .orElse(Recovery.Count.NONE));
    }

    private Recovery.Count streamed(Draft draft, Cell cell, Notification notification, Instant receivedAt) {
        var count = Recovery.Count.NONE;
        var news = new LinkedHashMap<EventKey, Fact>();
        var changes = FactMaker.changes(notification);
        var facts = FactMaker.ofNotification(cell, notification, receivedAt, Origin.STREAM);
        for (var i = 0; i < facts.size(); i++) {
            var fact = facts.get(i);
            var stored = ledger.known().knows(draft, cell, fact.key());
            var isNew = !stored && news.putIfAbsent(fact.key(), fact) == null;
            count = count.plus(isNew ? Recovery.Count.one(changes.get(i).kind()) : Recovery.Count.KNOWN);
        }
        draft.append(cell, List.copyOf(news.values()), Optional.empty());
        return count;
    }

    @Override
    public Position mark(MailboxId mailbox) {
        return new Position(ledger.find(mailbox).map(cell -> cell.lastPosition).orElse(0L));
    }

    @Override
    public void caughtUp(MailboxId mailbox, Position mark) {
        ledger.change(draft -> draft.find(mailbox)
                .filter(cell -> cell.fallen.isSo() && cell.pending.isEmpty())
                .map(seen -> caughtUp(draft, draft.edit(seen), mark)));
    }

    private Cell caughtUp(Draft draft, Cell cell, Position mark) {
        var start = Math.min(mark.value(), cell.fallen.knownFrom());
        if (cell.overlap.filter(overlap -> overlap.start() >= start).isEmpty()) {
            cell.overlap = Optional.of(Overlap.open(Optional.empty(), start, draft.now()));
            ledger.known().forget(cell.id);
        }
        return cell;
    }
}
