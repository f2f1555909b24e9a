package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkHealth.Trouble;
import dev.tidemark.forwarder.SinkState.Active;
import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.Position;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/// Decides what a sink does next. Each step does what is due and says when the next is; nothing in here
/// waits. Used by one thread.
final class SinkDesk {
    private final SinkBacklog backlog;
    private final SinkCondition condition;
    private final SinkLedger ledger;
    private final Failures failures;
    private final Outbox outbox;
    private final Clock clock;
    private int inFlight;
    private int parkedInFlight;
    private boolean lastWasParked;
    private boolean probing;
    private int probes;
    private boolean more;
    private boolean stopping;

    SinkDesk(
            SinkBacklog backlog,
            SinkCondition condition,
            SinkLedger ledger,
            Failures failures,
            Outbox outbox,
            Clock clock) {
        this.backlog = backlog;
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
        if (!stopping) {
            more = backlog.fill(now);
            dispatch(now);
        }
        var save = ledger.flushIfDue(now);
        return stopping ? save : earlier(save, nextDue(now));
    }

    private void dispatch(Instant now) {
        switch (condition.state()) {
            case Active active -> {
                probes = 0;
                while (inFlight < active.limit() && sendNext(now, active.limit())) {
                    // each turn sends one
                }
            }
            case SinkState.Held held -> probe(held, now);
            case SinkState.Disabled disabled -> probe(disabled, now);
            case SinkState.Refused refused -> probe(refused, now);
        }
    }

    private boolean sendNext(Instant now, int limit) {
        var next = backlog.next(now, parkedMayGo(limit));
        next.ifPresent(delivery -> send(delivery, false));
        return next.isPresent();
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
                send(delivery, true);
            });
        }
    }

    private void send(Delivery delivery, boolean asProbe) {
        inFlight++;
        lastWasParked = delivery.row().isPresent();
        parkedInFlight += lastWasParked ? 1 : 0;
        outbox.send(delivery.attempting(condition.successes(), asProbe));
    }

    /// A delivery came back.
    void completed(Delivery delivery, Answer answer) {
        var now = clock.instant();
        inFlight--;
        parkedInFlight -= delivery.row().isPresent() ? 1 : 0;
        probing &= !delivery.probe();
        switch (condition.judge(delivery, answer, now)) {
            case Verdict.Taken ignored -> {
                backlog.taken(delivery, now);
                condition.succeeded();
                if (!backlog.isTroubled()) {
                    condition.untroubled();
                }
            }
            case Verdict.SinkFailed failed -> {
                condition.failed(new Trouble(failed.reason(), failed.retryAt(), delivery.probe()), now);
                backlog.putBack(delivery, now);
            }
            case Verdict.LaneBusy busy -> {
                condition.eventFailed(busy.reason(), delivery.probe(), now);
                backlog.defer(delivery, failures.busy(delivery, busy), now);
            }
            case Verdict.EventFailed failed -> eventFailed(delivery, failed, now);
            case Verdict.Gone gone -> {
                condition.gone(gone.reason(), now);
                backlog.putBack(delivery, now);
            }
            case Verdict.Refused refused -> {
                condition.refused(refused.reason(), refused.allow(), now);
                backlog.putBack(delivery, now);
            }
        }
    }

    private void eventFailed(Delivery delivery, Verdict.EventFailed failed, Instant now) {
        condition.eventFailed(failed.reason(), delivery.probe(), now);
        switch (failures.of(delivery, failed, now)) {
            case Failures.Again again -> backlog.defer(delivery, again.row(), now);
            case Failures.Dead dead -> {
                backlog.bury(delivery, dead.letter(), now);
                ledger.tell(dead.notice());
            }
        }
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
                inFlight < active.limit() && (parkedMayGo(active.limit()) || !backlog.hasReady())
                        ? backlog.nextDue().orElse(Instant.MAX)
                        : Instant.MAX;
            case SinkState.Held held -> probeDue(held, now);
            case SinkState.Disabled disabled -> probeDue(disabled, now);
            case SinkState.Refused refused -> probeDue(refused, now);
        };
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
