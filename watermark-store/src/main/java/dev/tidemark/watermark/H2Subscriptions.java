package dev.tidemark.watermark;

import dev.tidemark.ews.Subscribed;
import dev.tidemark.ews.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// [Subscriptions] on the ledger.
final class H2Subscriptions implements Subscriptions {
    private static final Logger LOG = LoggerFactory.getLogger(H2Subscriptions.class);

    private final Ledger ledger;
    private final OverlapStart overlaps;
    private final Lifecycle lifecycle;
    private final Duration margin;
    private final Clock clock;

    H2Subscriptions(Ledger ledger, OverlapStart overlaps, Duration margin, Clock clock) {
        this.ledger = ledger;
        this.overlaps = overlaps;
        this.lifecycle = new Lifecycle(margin);
        this.margin = margin;
        this.clock = clock;
    }

    @Override
    public AttemptId begin(MailboxId mailbox, SubscribeReason reason, String fingerprint, Optional<Watermark> from) {
        var seen = ledger.find(mailbox);
        if (seen.isEmpty()) {
            return new AttemptId(mailbox, 1);
        }
        // read from disk here, where nobody waits
        var start = overlaps.ofReplay(seen.get(), from, clock.instant().minus(margin));
        return ledger.change(draft -> {
            var cell = draft.edit(draft.find(mailbox).orElseThrow());
            cell.attempts++;
            if (cell.served()) {
                overlaps.open(draft, cell, start);
                var attempt = new Attempt(cell.attempts, reason, fingerprint, from, Optional.empty(), false);
                cell.pending = Optional.of(attempt);
                cell.state = cell.live.isPresent() && !failed(cell) ? cell.state : cell.plainState();
            }
            draft.save(cell);
            LOG.debug("Mailbox {} starts attempt {} ({})", cell.address, cell.attempts, reason);
            return new AttemptId(mailbox, cell.attempts);
        });
    }

    private static boolean failed(Cell cell) {
        return cell.state instanceof MailboxState.Failed;
    }

    @Override
    public boolean confirm(AttemptId attempt, Subscribed answer, Optional<Instant> resyncSince) {
        return ledger.change(draft -> {
            var seen = draft.find(attempt.mailbox())
                    .filter(cell -> cell.isLive(attempt.number()) || cell.isPending(attempt.number()));
            seen.ifPresent(cell -> confirm(draft, draft.edit(cell), answer, resyncSince));
            return seen.isPresent();
        });
    }

    private void confirm(Draft draft, Cell cell, Subscribed answer, Optional<Instant> resyncSince) {
        cell.oweResync(resyncSince);
        if (cell.pending.isPresent() && cell.attempts == cell.pending.get().number()) {
            lifecycle.goLive(draft, cell, cell.pending.get().answered(answer.subscriptionId()));
            if (cell.live.flatMap(Attempt::from).isEmpty()) {
                answer.watermark().ifPresent(fresh -> cell.take(new StoredWatermark(fresh, draft.now())));
            }
        } else {
            confirmPromoted(cell, answer);
        }
        if (cell.dueAbout < cell.live.orElseThrow().number()) {
            cell.settle();
        }
        if (cell.resyncSince.isEmpty()) {
            cell.overlap = cell.overlap.map(overlap -> overlap.closed(draft.now()));
        }
        cell.state = cell.plainState();
        draft.save(cell);
        LOG.info("Mailbox {} is subscribed by attempt {}", cell.address, cell.attempts);
    }

    /// The attempt's call-back overtook the answer. Where that came under another name, its chain is not ours.
    private static void confirmPromoted(Cell cell, Subscribed answer) {
        var live = cell.live.orElseThrow();
        if (live.isAnother(answer.subscriptionId())) {
            cell.chain = Chain.NEW;
        }
        cell.live = Optional.of(live.answered(answer.subscriptionId()));
    }

    @Override
    public void abandon(AttemptId attempt, String error, boolean countsAgainstWatermark, Compensation next) {
        edit(attempt.mailbox(), (draft, cell) -> {
            var number = attempt.number();
            if (cell.isPending(number)) {
                giveUp(cell, error, next);
                cell.failuresFromWatermark += countsAgainstWatermark ? 1 : 0;
            } else if (cell.isLive(number) && !cell.live.orElseThrow().confirmed()) {
                keepPromoted(draft, cell);
            }
            draft.save(cell);
        });
    }

    private static void giveUp(Cell cell, String error, Compensation next) {
        var resync = next.resync() || cell.due.filter(Compensation::resync).isPresent();
        cell.pending = Optional.empty();
        cell.lastError = Optional.of(Lifecycle.clipped(error));
        cell.due = Optional.of(new Compensation(next.reason(), next.notBefore(), resync, next.cause()));
        cell.dueAbout = cell.attempts;
        cell.state = cell.state instanceof MailboxState.Subscribing ? cell.plainState() : cell.state;
    }

    /// Only the answer got lost: the attempt has called back and lives. What is owed beyond, it left owed when
    /// it was promoted.
    private static void keepPromoted(Draft draft, Cell cell) {
        if (cell.dueAbout < cell.live.orElseThrow().number()) {
            cell.settle();
        }
        if (cell.resyncSince.isEmpty()) {
            cell.overlap = cell.overlap.map(overlap -> overlap.closed(draft.now()));
        }
    }

    @Override
    public void fail(MailboxId mailbox, String code, String text) {
        edit(mailbox, (draft, cell) -> {
            var known = cell.failure.filter(code::equals).isPresent();
            cell.pending = Optional.empty();
            cell.settle();
            cell.state = new MailboxState.Failed(code, Lifecycle.clipped(text));
            cell.lastError = Optional.of(Lifecycle.clipped(code + ": " + text));
            cell.failure = Optional.of(code);
            if (!known) {
                var error = new LinkedHashMap<String, Object>();
                error.put("code", code);
                error.put("message", text);
                var fields = new LinkedHashMap<String, Object>();
                fields.put("error", error);
                fields.put("actionRequired", true);
                draft.tell(cell, EventTypes.FAILED, fields);
                LOG.info("Mailbox {} is given up until somebody acts: {}", cell.address, code);
            }
            draft.save(cell);
        });
    }

    @Override
    public void lost(MailboxId mailbox, String reason, Compensation next) {
        edit(mailbox, (draft, cell) -> {
            cell.state = new MailboxState.Silent();
            cell.owe(next, cell.attempts);
            var attempt = cell.live.map(Attempt::number).orElse(cell.attempts);
            if (cell.lostAttempt < attempt) {
                cell.lostAttempt = attempt;
                countFruitless(cell);
                var fields = new LinkedHashMap<String, Object>();
                cell.lastHeardAt.ifPresent(at -> fields.put("lastHeardAt", at.toString()));
                fields.put("reason", reason);
                draft.tell(cell, EventTypes.LOST, fields);
                LOG.info("Mailbox {} is silent: {}", cell.address, reason);
            }
            draft.save(cell);
        });
    }

    private static void countFruitless(Cell cell) {
        var compensation = cell.live.filter(live -> live.reason() != SubscribeReason.INITIAL);
        if (compensation.isPresent() && !cell.calledBack) {
            cell.fruitless++;
        }
    }

    @Override
    public void owe(MailboxId mailbox, Compensation next) {
        edit(mailbox, (draft, cell) -> {
            cell.owe(next, cell.attempts);
            cell.state = failed(cell) ? cell.plainState() : cell.state;
            draft.save(cell);
        });
    }

    private void edit(MailboxId mailbox, BiConsumer<Draft, Cell> work) {
        ledger.change(draft -> draft.find(mailbox).filter(Cell::served).map(seen -> {
            var cell = draft.edit(seen);
            work.accept(draft, cell);
            return cell;
        }));
    }
}
