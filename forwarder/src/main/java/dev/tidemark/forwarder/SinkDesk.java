package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkHealth.Trouble;
import dev.tidemark.forwarder.SinkState.Active;
import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.Position;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decides what a sink does next. Each step does what is due and says when the next is; nothing in here
/// waits. Used by one thread.
final class SinkDesk {
    private final SinkBacklog backlog;
    private final SinkCondition condition;
    private final Encore encore;
    private final SinkLedger ledger;
    private final Failures failures;
    private final Outbox outbox;
    private final Clock clock;
    private final Doubts doubts = new Doubts();
    private int inFlight;
    private int parkedInFlight;
    private int encoresInFlight;
    private boolean lastWasEncore;
    private boolean lastWasParked;
    private boolean probing;
    private int probes;
    private long sent;
    private boolean more;
    private boolean stopping;

    /// What there is to send.
    record Supply(SinkBacklog backlog, Encore encore) {}

    SinkDesk(Supply supply, SinkCondition condition, SinkLedger ledger, Failures failures, Outbox outbox, Clock clock) {
        this.backlog = supply.backlog();
        this.encore = supply.encore();
        this.condition = condition;
        this.ledger = ledger;
        this.failures = failures;
        this.outbox = outbox;
        this.clock = clock;
    }

    /// What others may know of the sink.
    ///
    /// @param read how far the journal was read
    /// @param waiting events read and not done, those in rows left out
    record Standing(
            SinkState state, Position read, int waiting, Optional<Instant> oldest, Optional<String> lastError) {}

    /// @throws dev.tidemark.watermark.StoreException if the store fails; the step may be repeated
    Instant step() {
        var now = clock.instant();
        // first, so that a thread that was kept waiting sends nothing more before it has saved
        var saved = ledger.flushIfDue(now);
        if (!stopping) {
            settleDoubts(now);
            more = backlog.fill(now);
            dispatch(now);
        }
        var save = earlier(earlier(saved, ledger.flushIfDue(now)), encore.saveIfDue(now));
        return stopping ? save : earlier(save, nextDue(now));
    }

    /// Something to read from the journal that nobody should wait for; whoever asks reads it and brings it to
    /// [#admit].
    Optional<SinkBacklog.ReadAhead> readAhead() {
        return stopping ? Optional.empty() : backlog.readAhead();
    }

    void admit(SinkBacklog.ReadAhead read, List<JournalEvent> events) {
        backlog.admitAhead(read, events, clock.instant());
    }

    private void dispatch(Instant now) {
        switch (condition.state()) {
            case Active active -> {
                probes = 0;
                while (inFlight < active.limit() && condition.rate().allows(now) && sendEncore(now, active.limit())) {
                    // each turn sends one request
                }
                while (inFlight < active.limit() && condition.rate().allows(now) && sendNext(now, active.limit())) {
                    // each turn sends one request
                }
            }
            case SinkState.Held held -> probe(held, now);
            case SinkState.Disabled disabled -> probe(disabled, now);
            case SinkState.Refused refused -> probe(refused, now);
        }
    }

    /// What is sent once more gets half of the requests at most, and where there is but one, every other.
    private boolean sendEncore(Instant now, int limit) {
        var share = limit == 1 ? !lastWasEncore || !backlog.hasReady() : encoresInFlight < limit / 2;
        if (!share || encore.isIdle()) {
            return false;
        }
        var next = encore.next(now);
        if (!next.isEmpty()) {
            send(next, Shipment.Kind.ENCORE, now);
        }
        return !next.isEmpty();
    }

    private boolean sendNext(Instant now, int limit) {
        var next = backlog.next(now, parkedMayGo(limit));
        if (!next.isEmpty()) {
            send(next, Shipment.Kind.LIVE, now);
        }
        return !next.isEmpty();
    }

    /// Lanes in trouble get half of the requests, and where there is but one, every other.
    private boolean parkedMayGo(int limit) {
        return limit == 1 ? !lastWasParked : parkedInFlight < limit / 2;
    }

    private void probe(SinkState state, Instant now) {
        var due = state.probeDue().filter(moment -> !moment.isAfter(now)).isPresent();
        if (due && !probing) {
            backlog.probe(now, probes % 2 == 1).ifPresent(delivery -> {
                probing = true;
                probes++;
                send(List.of(delivery), Shipment.Kind.PROBE, now);
            });
        }
    }

    private void send(List<Delivery> deliveries, Shipment.Kind kind, Instant now) {
        var successes = condition.successes();
        var attempted = new ArrayList<Delivery>(deliveries.size());
        deliveries.forEach(each -> attempted.add(each.attempting(successes)));
        var shipment = new Shipment(attempted, ++sent, kind);
        inFlight++;
        lastWasEncore = kind == Shipment.Kind.ENCORE;
        encoresInFlight += lastWasEncore ? 1 : 0;
        lastWasParked = shipment.isParked();
        parkedInFlight += lastWasParked ? 1 : 0;
        condition.rate().took(shipment.size(), now);
        outbox.send(shipment);
    }

    /// A request came back.
    void completed(Shipment shipment, Answer answer) {
        var now = clock.instant();
        inFlight--;
        parkedInFlight -= shipment.isParked() ? 1 : 0;
        probing &= !shipment.probe();
        encoresInFlight -= shipment.kind() == Shipment.Kind.ENCORE ? 1 : 0;
        var verdict = condition.judge(shipment, answer, now);
        if (verdict instanceof Verdict.SinkFailed failed && isDoubtful(failed)) {
            condition.doubted(failed.reason());
            doubts.add(shipment, failed, now);
        } else {
            decided(shipment, verdict, now);
        }
        settleDoubts(now);
    }

    private boolean isDoubtful(Verdict.SinkFailed failed) {
        return failed.retryAt().isEmpty() && condition.isTrusted() && !doubts.isFull();
    }

    /// A success shows that it was the events' fault; a sink that is not active any more, or from which
    /// nothing was heard for a while, that it was the sink's.
    private void settleDoubts(Instant now) {
        if (doubts.isEmpty()) {
            return;
        }
        var othersSucceed = condition.othersSucceed(doubts.first().shipment());
        var active = condition.state() instanceof Active;
        if (!othersSucceed && active) {
            if (doubts.end().isAfter(now)) {
                return;
            }
            condition.doubtEnded(doubts);
        }
        for (var doubt : doubts.removeAll()) {
            if (othersSucceed) {
                decided(doubt.shipment(), doubt.ofEvent(), now);
            } else {
                putBack(doubt.shipment(), now);
            }
        }
    }

    private void decided(Shipment shipment, Verdict verdict, Instant now) {
        if (shipment.kind() == Shipment.Kind.ENCORE) {
            decidedEncore(shipment, verdict, now);
            return;
        }
        switch (verdict) {
            case Verdict.Taken ignored -> taken(shipment, now);
            case Verdict.SinkFailed failed -> {
                condition.failed(new Trouble(failed.reason(), failed.retryAt(), shipment.probe()), now);
                putBack(shipment.deliveries(), now);
            }
            case Verdict.LaneBusy busy -> {
                condition.eventFailed(busy.reason(), shipment.probe(), now);
                // those behind it in the lane wait with it, also those that were sent with it
                backlog.defer(shipment.first(), failures.busy(shipment.first(), busy), now);
            }
            case Verdict.EventFailed failed -> refused(shipment, failed, now);
            case Verdict.Gone gone -> {
                condition.gone(gone.reason(), now);
                putBack(shipment.deliveries(), now);
            }
            case Verdict.Refused refused -> {
                condition.refused(refused.reason(), refused.allow(), now);
                putBack(shipment.deliveries(), now);
            }
        }
    }

    /// What concerns the sink counts as ever; what concerns the event does not touch the ordinary run.
    private void decidedEncore(Shipment shipment, Verdict verdict, Instant now) {
        var deliveries = shipment.deliveries();
        switch (verdict) {
            case Verdict.Taken ignored -> {
                encore.taken(deliveries);
                condition.succeeded();
            }
            case Verdict.SinkFailed failed -> {
                condition.failed(new Trouble(failed.reason(), failed.retryAt(), false), now);
                encore.putBack(deliveries);
            }
            case Verdict.LaneBusy busy -> {
                encore.putBack(deliveries);
                encore.pause(busy.until());
            }
            case Verdict.EventFailed failed -> {
                if (failed.overload()) {
                    condition.overloaded(shipment, sent);
                }
                if (shipment.size() > 1) {
                    encore.putBack(deliveries.stream()
                            .map(delivery -> delivery.apart(shipment.size()))
                            .toList());
                } else {
                    encore.refused(shipment.first(), failed, failures, now);
                }
            }
            case Verdict.Gone gone -> {
                condition.gone(gone.reason(), now);
                encore.putBack(deliveries);
            }
            case Verdict.Refused refused -> {
                condition.refused(refused.reason(), refused.allow(), now);
                encore.putBack(deliveries);
            }
        }
    }

    private void taken(Shipment shipment, Instant now) {
        shipment.deliveries().forEach(delivery -> backlog.taken(delivery, now));
        condition.succeeded();
        if (!backlog.isTroubled()) {
            condition.untroubled();
        }
    }

    private void putBack(Shipment shipment, Instant now) {
        if (shipment.kind() == Shipment.Kind.ENCORE) {
            encore.putBack(shipment.deliveries());
        } else {
            putBack(shipment.deliveries(), now);
        }
    }

    /// The last first, so that the first is the next to go.
    private void putBack(List<Delivery> deliveries, Instant now) {
        deliveries.reversed().forEach(delivery -> backlog.putBack(delivery, now));
    }

    /// One event among several may be at fault: none is charged, and they go again in smaller company.
    private void refused(Shipment shipment, Verdict.EventFailed failed, Instant now) {
        condition.eventFailed(failed.reason(), shipment.probe(), now);
        if (failed.overload()) {
            condition.overloaded(shipment, sent);
        }
        if (shipment.size() > 1) {
            putBack(
                    shipment.deliveries().stream()
                            .map(delivery -> delivery.apart(shipment.size()))
                            .toList(),
                    now);
        } else {
            eventFailed(shipment.first(), failed, now);
        }
    }

    private void eventFailed(Delivery delivery, Verdict.EventFailed failed, Instant now) {
        switch (failures.of(delivery, failed, now)) {
            case Failures.Again again -> backlog.defer(delivery, again.row(), now);
            case Failures.Dead dead -> {
                backlog.bury(delivery, dead.letter(), now);
                ledger.tell(dead.notice());
            }
        }
    }

    /// An operator ordered a replay.
    void lookForEncores() {
        encore.look();
    }

    void enable() {
        condition.enabledByOperator();
    }

    void disable() {
        condition.disabledByOperator(clock.instant());
    }

    /// From here on nothing new is sent.
    void stop() {
        stopping = true;
    }

    boolean isIdle() {
        return stopping && inFlight == 0;
    }

    /// Writes everything that is not in the store yet.
    void flush() {
        encore.save();
        ledger.flush(clock.instant());
    }

    Standing standing() {
        return new Standing(
                condition.state(),
                backlog.read(),
                backlog.windowSize(),
                backlog.oldest().map(JournalEvent::recordedAt),
                condition.lastError());
    }

    /// What is under way wakes the desk when it comes back, so only moments that nothing else announces
    /// count.
    private Instant nextDue(Instant now) {
        if (more) {
            return now;
        }
        return switch (condition.state()) {
            case Active active ->
                earlier(doubts.end(), inFlight < active.limit() ? nextSending(active, now) : Instant.MAX);
            case SinkState.Held held -> probeDue(held, now);
            case SinkState.Disabled disabled -> probeDue(disabled, now);
            case SinkState.Refused refused -> probeDue(refused, now);
        };
    }

    private Instant nextSending(Active active, Instant now) {
        if (!condition.rate().allows(now)) {
            return condition.rate().next();
        }
        var share = active.limit() == 1 || encoresInFlight < active.limit() / 2;
        var lingerEnds = earlier(
                share ? encore.nextDue(now) : Instant.MAX, backlog.lingerEnds().orElse(Instant.MAX));
        return parkedMayGo(active.limit()) || !backlog.hasReady()
                ? earlier(lingerEnds, backlog.nextDue().orElse(Instant.MAX))
                : lingerEnds;
    }

    /// A probe that is due and was not sent waits for an event to probe with.
    private Instant probeDue(SinkState state, Instant now) {
        return state.probeDue()
                .filter(moment -> moment.isAfter(now) && !probing)
                .or(backlog::nextDue)
                .filter(moment -> moment.isAfter(now))
                .orElse(Instant.MAX);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
